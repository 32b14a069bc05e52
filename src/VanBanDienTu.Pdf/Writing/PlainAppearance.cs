using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>The plain look of a visible signature: a thin box with lines of text in Helvetica.</summary>
internal static class PlainAppearance
{
    private const double Margin = 3;
    private const double LargestText = 10;
    private const double SmallestText = 2;

    /// <summary>Vietnamese letters by the letter they are built on.</summary>
    private static readonly string[] Families =
        ["aàáảãạăằắẳẵặâầấẩẫậ", "eèéẻẽẹêềếểễệ", "iìíỉĩị", "oòóỏõọôồốổỗộơờớởỡợ", "uùúủũụưừứửữự", "yỳýỷỹỵ", "dđ"];

    /// <summary>Widths of Helvetica's letters from space to tilde, in thousandths of the size. Source: Adobe's font metrics.</summary>
    private static readonly int[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    public static PdfStream Draw(PdfRectangle rect, IReadOnlyList<string> lines)
    {
        lines = [.. lines.Select(Plain)];
        var fitting = Math.Min((rect.Height - 2 * Margin) / Math.Max(1, lines.Count) / 1.2, (rect.Width - 2 * Margin) / Math.Max(0.1, lines.Select(Width).DefaultIfEmpty().Max()));
        var size = Math.Clamp(fitting, SmallestText, LargestText);
        var content = new StringBuilder();
        content.Append(CultureInfo.InvariantCulture, $"q 0.5 w 0.25 0.25 {rect.Width - 0.5:0.##} {rect.Height - 0.5:0.##} re S Q\n");
        if (lines.Count > 0)
        {
            content.Append(CultureInfo.InvariantCulture, $"BT /F1 {size:0.##} Tf {size * 1.2:0.##} TL {Margin:0.##} {rect.Height - Margin - size:0.##} Td\n");
            foreach (var line in lines)
                content.Append('(').Append(Escape(line)).Append(") Tj T*\n");
            content.Append("ET\n");
        }
        var font = new PdfDictionary(
            ("Type", new PdfName("Font")), ("Subtype", new PdfName("Type1")), ("BaseFont", new PdfName("Helvetica")), ("Encoding", new PdfName("WinAnsiEncoding")));
        return new PdfStream(
            new PdfDictionary(
                ("Type", new PdfName("XObject")),
                ("Subtype", new PdfName("Form")),
                ("BBox", new PdfArray([new PdfInteger(0), new PdfInteger(0), new PdfReal(rect.Width), new PdfReal(rect.Height)])),
                ("Resources", new PdfDictionary(("Font", new PdfDictionary(("F1", font)))))),
            Encoding.Latin1.GetBytes(content.ToString()));
    }

    private static string Plain(string line) => string.Concat(
        line.Where(c => c is not (>= '\u0300' and <= '\u036F')) // combining marks
            .Select(c => c is >= ' ' and <= '~' ? c : WithoutMarks(c)));

    private static string Escape(string line) => string.Concat(line.Select(c => c is '(' or ')' or '\\' ? $"\\{c}" : $"{c}"));

    /// <summary>Width of a line in Helvetica of size 1.</summary>
    private static double Width(string line) => line.Sum(c => Widths[c - ' ']) / 1000.0;

    /// <summary>A table of our own: the invariant culture does not decompose letters.</summary>
    private static char WithoutMarks(char letter)
    {
        var lower = char.ToLowerInvariant(letter);
        foreach (var family in Families)
        {
            if (family.Contains(lower, StringComparison.Ordinal))
                return lower == letter ? family[0] : char.ToUpperInvariant(family[0]);
        }
        return '?';
    }
}
