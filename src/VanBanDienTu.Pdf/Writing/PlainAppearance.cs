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

    public static PdfStream Draw(PdfRectangle rect, IReadOnlyList<string> lines)
    {
        var size = Math.Clamp((rect.Height - 2 * Margin) / Math.Max(1, lines.Count) / 1.2, SmallestText, LargestText);
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

    private static string Escape(string line)
    {
        var text = new StringBuilder();
        foreach (var c in line)
        {
            if (c is >= '\u0300' and <= '\u036F')
                continue; // combining marks
            var plain = c is >= ' ' and <= '~' ? c : WithoutMarks(c);
            text.Append(plain is '(' or ')' or '\\' ? "\\" : "").Append(plain);
        }
        return text.ToString();
    }

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
