using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace VanBanDienTu.Pdf.Fonts;

/// <summary>A font as one appearance uses it: embedded, subset, with a map back to Unicode (Type 0, CIDFontType2, Identity-H).</summary>
/// <remarks>Source: ISO 32000-2, 9.7; what PDF/A asks beyond it (CIDSet, CIDToGIDMap, widths that agree): ISO 19005-1, 6.3.</remarks>
internal sealed class EmbeddedFont
{
    private readonly TrueTypeFont font;
    private readonly FontSubset subset;
    private readonly SortedDictionary<int, Rune> letters = [];

    /// <param name="font">Has all the letters.</param>
    /// <param name="text">All that will be shown, composed.</param>
    public EmbeddedFont(TrueTypeFont font, string text)
    {
        this.font = font;
        subset = new FontSubset(font, text.EnumerateRunes().Select(font.Glyph));
        foreach (var rune in text.EnumerateRunes())
            letters.TryAdd(subset.Number(font.Glyph(rune)), rune);
    }

    /// <summary>A text as the string to show: two bytes a glyph, in hexadecimal.</summary>
    public string Hex(string text) =>
        "<" + string.Concat(text.EnumerateRunes().Select(r => subset.Number(font.Glyph(r)).ToString("X4", CultureInfo.InvariantCulture))) + ">";

    /// <summary>Adds the font's objects to the update.</summary>
    public PdfRef AddTo(PdfIncrementalWriter writer)
    {
        var program = subset.Build();
        var name = new PdfName($"{Tag(program)}+{font.Name}");
        var file = writer.Add(new PdfStream(new PdfDictionary(("Filter", new PdfName("FlateDecode")), ("Length1", new PdfInteger(program.Length))), Deflated(program)));
        var descriptor = writer.Add(Descriptor(writer, name, file));
        var descendant = writer.Add(new PdfDictionary(
            ("Type", new PdfName("Font")), ("Subtype", new PdfName("CIDFontType2")), ("BaseFont", name),
            ("CIDSystemInfo", new PdfDictionary(("Registry", PdfString.FromText("Adobe")), ("Ordering", PdfString.FromText("Identity")), ("Supplement", new PdfInteger(0)))),
            ("FontDescriptor", new PdfReference(descriptor)),
            ("CIDToGIDMap", new PdfName("Identity")),
            ("DW", new PdfInteger(font.Advance(0))),
            ("W", new PdfArray([new PdfInteger(0), new PdfArray([.. subset.Glyphs.Take(subset.Used).Select(g => new PdfInteger(font.Advance(g)))])]))));
        var map = writer.Add(new PdfStream(new PdfDictionary(("Filter", new PdfName("FlateDecode"))), Deflated(Encoding.ASCII.GetBytes(ToUnicode()))));
        return writer.Add(new PdfDictionary(
            ("Type", new PdfName("Font")), ("Subtype", new PdfName("Type0")), ("BaseFont", name), ("Encoding", new PdfName("Identity-H")),
            ("DescendantFonts", new PdfArray([new PdfReference(descendant)])), ("ToUnicode", new PdfReference(map))));
    }

    private PdfDictionary Descriptor(PdfIncrementalWriter writer, PdfName name, PdfRef file)
    {
        const int Symbolic = 4, Serif = 2;
        var (ascent, descent) = font.Extent;
        return new PdfDictionary(
            ("Type", new PdfName("FontDescriptor")), ("FontName", name), ("Flags", new PdfInteger(Symbolic | Serif)),
            ("FontBBox", new PdfArray([.. font.Box.Select(n => new PdfInteger(n))])), ("ItalicAngle", new PdfReal(font.ItalicAngle)),
            ("Ascent", new PdfInteger(ascent)), ("Descent", new PdfInteger(descent)), ("CapHeight", new PdfInteger(ascent)), ("StemV", new PdfInteger(80)),
            ("FontFile2", new PdfReference(file)), ("CIDSet", new PdfReference(writer.Add(new PdfStream(PdfDictionary.Empty, CidSet())))));
    }

    /// <summary>One bit a glyph, the first in the highest bit.</summary>
    private byte[] CidSet()
    {
        var bits = new byte[(subset.Glyphs.Count + 7) / 8];
        for (var i = 0; i < subset.Glyphs.Count; i++)
            bits[i / 8] |= (byte)(0x80 >> (i % 8));
        return bits;
    }

    private string ToUnicode()
    {
        const int LargestBlock = 100;
        var map = new StringBuilder("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
            + "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
        foreach (var block in letters.Chunk(LargestBlock))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (number, letter) in block)
                map.Append(CultureInfo.InvariantCulture, $"<{number:X4}><{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(letter.ToString()))}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }

    /// <summary>Six letters that tell subsets apart. Of the content, so that the same signature is laid out the same twice.</summary>
    private static string Tag(ReadOnlySpan<byte> program)
    {
        var hash = 14695981039346656037UL; // FNV-1a
        foreach (var b in program)
            hash = unchecked((hash ^ b) * 1099511628211UL);
        Span<char> tag = stackalloc char[6];
        foreach (ref var letter in tag)
            (letter, hash) = ((char)('A' + (int)(hash % 26)), hash / 26);
        return new string(tag);
    }

    internal static byte[] Deflated(ReadOnlySpan<byte> data)
    {
        using var output = new MemoryStream();
        using (var deflater = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
            deflater.Write(data);
        return output.ToArray();
    }
}
