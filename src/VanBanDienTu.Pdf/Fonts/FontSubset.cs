using System.Buffers.Binary;
using static VanBanDienTu.Pdf.Fonts.SfntReader;

namespace VanBanDienTu.Pdf.Fonts;

/// <summary>
/// The glyphs that a text needs, numbered anew from 0 (.notdef), with the parts of composite glyphs. Hinting is left out: it would
/// be most of the bytes, and needs tables for the whole font.
/// </summary>
internal sealed class FontSubset
{
    private const int PartsArePoints = 0x0001;
    private const int HasScale = 0x0008;
    private const int MoreParts = 0x0020;
    private const int HasTwoScales = 0x0040;
    private const int HasMatrix = 0x0080;
    private const int HasInstructions = 0x0100;
    private const int MaxDepth = 8;

    private readonly TrueTypeFont font;
    private readonly List<int> glyphs = [0];
    private readonly Dictionary<int, int> numbers = new() { [0] = 0 };

    public FontSubset(TrueTypeFont font, IEnumerable<int> wanted)
    {
        this.font = font;
        foreach (var glyph in wanted)
            Add(glyph);
        Used = glyphs.Count;
        for (var i = 0; i < glyphs.Count; i++) // grows: parts of parts
            AddParts(glyphs[i]);
    }

    /// <summary>Glyphs of the font, by their new numbers.</summary>
    public IReadOnlyList<int> Glyphs => glyphs;

    /// <summary>The first so many are shown themselves; those after them are only parts of others.</summary>
    public int Used { get; }

    public int Number(int glyph) => numbers[glyph];

    /// <summary>The subset as a TrueType file with the tables that a Type 2 CIDFont needs.</summary>
    /// <remarks>Source: ISO 32000-2, 9.9, table 124.</remarks>
    public byte[] Build()
    {
        var (glyf, loca, hmtx) = (new MemoryStream(), new MemoryStream(), new MemoryStream());
        foreach (var glyph in glyphs)
        {
            Put32(loca, (uint)glyf.Length);
            glyf.Write(Outline(glyph));
            while (glyf.Length % 4 != 0)
                glyf.WriteByte(0);
            var (advance, bearing) = font.Metric(glyph);
            Put16(hmtx, advance);
            Put16(hmtx, bearing);
        }
        Put32(loca, (uint)glyf.Length);
        var head = font.Table("head")[..54].ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0); // the sum over the file, set at the end
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1); // long offsets
        var hhea = font.Table("hhea")[..36].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)glyphs.Count);
        var maxp = font.Table("maxp")[..32].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)glyphs.Count);
        return Assemble([("glyf", glyf.ToArray()), ("head", head), ("hhea", hhea), ("hmtx", hmtx.ToArray()), ("loca", loca.ToArray()), ("maxp", maxp)]);
    }

    private void Add(int glyph)
    {
        if (numbers.TryAdd(glyph, glyphs.Count))
            glyphs.Add(glyph);
    }

    private void AddParts(int glyph)
    {
        foreach (var (at, _) in Parts(font.Outline(glyph)))
            Add(U16(font.Outline(glyph), at + 2));
        if (Depth(glyph, 0) > MaxDepth)
            throw Bad("chữ ghép quá nhiều tầng", "its composite glyphs are nested too deeply");
    }

    private int Depth(int glyph, int depth)
    {
        if (depth > MaxDepth)
            return depth;
        var outline = font.Outline(glyph);
        var deepest = depth;
        foreach (var (at, _) in Parts(outline))
            deepest = Math.Max(deepest, Depth(U16(outline, at + 2), depth + 1));
        return deepest;
    }

    /// <summary>Where each part of a composite glyph begins, and where its record ends.</summary>
    private static List<(int At, int End)> Parts(ReadOnlySpan<byte> outline)
    {
        var parts = new List<(int, int)>();
        if (outline.Length < 10 || I16(outline, 0) >= 0)
            return parts;
        for (var at = 10; ;)
        {
            var flags = U16(outline, at);
            var size = 4 + ((flags & PartsArePoints) != 0 ? 4 : 2) + ((flags & HasScale) != 0 ? 2 : (flags & HasTwoScales) != 0 ? 4 : (flags & HasMatrix) != 0 ? 8 : 0);
            Slice(outline, at, size);
            parts.Add((at, at + size));
            at += size;
            if ((flags & MoreParts) == 0 || parts.Count > 64)
                return parts;
        }
    }

    private byte[] Outline(int glyph)
    {
        var outline = font.Outline(glyph);
        if (outline.Length < 10)
            return [];
        return I16(outline, 0) < 0 ? Composite(outline) : Simple(outline);
    }

    private byte[] Composite(ReadOnlySpan<byte> outline)
    {
        var parts = Parts(outline);
        var copy = outline[..parts[^1].End].ToArray();
        foreach (var (at, _) in parts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(at), (ushort)(U16(copy, at) & ~HasInstructions));
            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(at + 2), (ushort)numbers[U16(copy, at + 2)]);
        }
        return copy;
    }

    private static byte[] Simple(ReadOnlySpan<byte> outline)
    {
        var ends = 10 + 2 * I16(outline, 0);
        var program = U16(outline, ends);
        Slice(outline, ends + 2, program);
        return [.. outline[..ends], 0, 0, .. outline[(ends + 2 + program)..]];
    }

    private static byte[] Assemble((string Tag, byte[] Data)[] tables)
    {
        var file = new MemoryStream();
        Put32(file, 0x00010000);
        var power = 1 << (31 - int.LeadingZeroCount(tables.Length));
        foreach (var number in new[] { tables.Length, power * 16, int.Log2(power), (tables.Length - power) * 16 })
            Put16(file, number);
        var at = 12 + 16 * tables.Length;
        foreach (var (tag, data) in tables)
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(tag));
            Put32(file, Sum(data));
            Put32(file, (uint)at);
            Put32(file, (uint)data.Length);
            at += (data.Length + 3) / 4 * 4;
        }
        var head = 0L;
        foreach (var (tag, data) in tables)
        {
            head = tag == "head" ? file.Length : head;
            file.Write(data);
            while (file.Length % 4 != 0)
                file.WriteByte(0);
        }
        var bytes = file.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)head + 8), unchecked(0xB1B0AFBA - Sum(bytes)));
        return bytes;
    }

    private static uint Sum(ReadOnlySpan<byte> data)
    {
        var sum = 0u;
        Span<byte> last = stackalloc byte[4];
        for (var i = 0; i < data.Length; i += 4)
        {
            last.Clear();
            data.Slice(i, Math.Min(4, data.Length - i)).CopyTo(last);
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(last));
        }
        return sum;
    }

    private static void Put16(MemoryStream to, int value) => to.Write([(byte)((value >> 8) & 0xFF), (byte)(value & 0xFF)]);

    private static void Put32(MemoryStream to, uint value) => to.Write([(byte)(value >> 24), (byte)((value >> 16) & 0xFF), (byte)((value >> 8) & 0xFF), (byte)(value & 0xFF)]);
}
