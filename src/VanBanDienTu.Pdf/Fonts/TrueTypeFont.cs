using System.Text;
using static VanBanDienTu.Pdf.Fonts.SfntReader;

namespace VanBanDienTu.Pdf.Fonts;

/// <summary>A TrueType font (phông chữ) whose letters can be measured and embedded. Safe for many threads.</summary>
/// <remarks>Source: OpenType 1.9. Fonts with PostScript outlines (CFF) are refused.</remarks>
public sealed class TrueTypeFont
{
    /// <summary>The largest font file that is read, in bytes.</summary>
    public const int MaxBytes = 32 << 20;

    private readonly SfntReader file;
    private readonly CharacterMap letters;
    private readonly int metrics;

    private TrueTypeFont(ReadOnlyMemory<byte> bytes)
    {
        file = new SfntReader(bytes);
        letters = new CharacterMap(file.Required("cmap", 4));
        UnitsPerEm = U16(Head.Span, 18) is var units and > 0 ? units : throw Bad("đơn vị thiết kế bằng 0", "its units per em are 0");
        Glyphs = U16(file.Required("maxp", 32).Span, 4);
        metrics = Math.Clamp(U16(file.Required("hhea", 36).Span, 34), 1, Math.Max(1, Glyphs));
        file.Required("hmtx", metrics * 4);
        file.Required("glyf");
        file.Required("loca", (Glyphs + 1) * (LongOffsets ? 4 : 2));
        Name = PostScriptName(file.Optional("name").Span) ?? "Embedded";
        CheckLicence(file.Optional("OS/2").Span);
    }

    /// <summary>The PostScript name, e.g. <c>TimesNewRomanPSMT</c>.</summary>
    public string Name { get; }

    internal int UnitsPerEm { get; }

    internal int Glyphs { get; }

    /// <summary>Top of tall letters, bottom of deep ones, in thousandths of the size.</summary>
    internal (int Ascent, int Descent) Extent => (Thousandths(I16(file.Required("hhea").Span, 4)), Thousandths(I16(file.Required("hhea").Span, 6)));

    internal int[] Box => [.. Enumerable.Range(0, 4).Select(i => Thousandths(I16(Head.Span, 36 + 2 * i)))];

    internal double ItalicAngle => file.Optional("post") is { Length: >= 8 } post ? I16(post.Span, 4) + U16(post.Span, 6) / 65536.0 : 0;

    private ReadOnlyMemory<byte> Head => file.Required("head", 54);

    private bool LongOffsets => U16(Head.Span, 50) != 0;

    /// <summary>Reads a font.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.FontUnusable"/>: damaged, another format, or its licence bits forbid to embed or to subset it.</exception>
    public static TrueTypeFont Read(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Reads a font file.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.FontUnusable"/>; the file is named.</exception>
    public static TrueTypeFont Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw Bad($"lớn hơn {MaxBytes >> 20} MB", $"it is larger than {MaxBytes >> 20} MB");
            return new TrueTypeFont(File.ReadAllBytes(path));
        }
        catch (PdfException e) when (e.Fault == PdfFault.FontUnusable)
        {
            throw new PdfException(PdfFault.FontUnusable, $"{e.Vi} ({path})", $"{e.En} ({path})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PdfException(PdfFault.FontUnusable, $"Không đọc được tệp phông {path}: {e.Message}", $"The font file {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>The letters of a text that this font has no glyph for.</summary>
    public string Missing(string text) => string.Concat(text.EnumerateRunes().Where(r => letters.Glyph(r.Value) == 0).Distinct());

    /// <summary>Width of a composed text, in thousandths of the size.</summary>
    internal int Width(string text) => text.EnumerateRunes().Sum(r => Advance(letters.Glyph(r.Value)));

    internal int Glyph(Rune letter) => letters.Glyph(letter.Value);

    /// <summary>In thousandths of the size.</summary>
    internal int Advance(int glyph) => Thousandths(Metric(glyph).Advance);

    /// <summary>Advance and left side bearing, in the font's units.</summary>
    internal (int Advance, int Bearing) Metric(int glyph)
    {
        var hmtx = file.Required("hmtx").Span;
        if (glyph < metrics)
            return (U16(hmtx, glyph * 4), I16(hmtx, glyph * 4 + 2));
        var bearing = metrics * 4 + (glyph - metrics) * 2;
        return (U16(hmtx, (metrics - 1) * 4), bearing + 2 <= hmtx.Length ? I16(hmtx, bearing) : 0);
    }

    /// <summary>The outline; empty for a blank.</summary>
    internal ReadOnlySpan<byte> Outline(int glyph)
    {
        if (glyph < 0 || glyph >= Glyphs)
            return [];
        var loca = file.Required("loca").Span;
        var (from, to) = LongOffsets ? (U32(loca, glyph * 4), U32(loca, glyph * 4 + 4)) : (2u * (uint)U16(loca, glyph * 2), 2u * (uint)U16(loca, glyph * 2 + 2));
        return to > from ? Slice(file.Required("glyf").Span, (int)Math.Min(from, int.MaxValue), (int)Math.Min(to - from, int.MaxValue)) : [];
    }

    /// <summary>A table as it stands in the file.</summary>
    internal ReadOnlySpan<byte> Table(string tag) => file.Required(tag).Span;

    private int Thousandths(int units) => (int)Math.Round(units * 1000.0 / UnitsPerEm);

    /// <summary>fsType: 2 alone forbids embedding, 0x100 forbids subsetting, 0x200 allows bitmaps only.</summary>
    private static void CheckLicence(ReadOnlySpan<byte> os2)
    {
        var rights = os2.Length >= 10 ? U16(os2, 8) : 0;
        if ((rights & 0xF) == 2 || (rights & 0x300) != 0)
            throw Bad("giấy phép của phông không cho nhúng một phần vào tài liệu", "its licence bits (OS/2 fsType) forbid to embed a subset of it");
    }

    private static string? PostScriptName(ReadOnlySpan<byte> names)
    {
        const int PostScript = 6;
        for (var i = 0; names.Length >= 6 && i < U16(names, 2) && 18 + i * 12 <= names.Length; i++)
        {
            var entry = 6 + i * 12;
            if (U16(names, entry + 6) != PostScript)
                continue;
            var text = Slice(names, U16(names, 4) + U16(names, entry + 10), U16(names, entry + 8));
            var name = U16(names, entry) == 1 ? Encoding.Latin1.GetString(text) : Encoding.BigEndianUnicode.GetString(text);
            name = string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
            if (name.Length > 0)
                return name;
        }
        return null;
    }
}
