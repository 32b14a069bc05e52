using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf.Fonts;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>Draws the value of a text field: one upright line in an embedded font, as tall as its field allows.</summary>
internal static class FieldText
{
    private const double Margin = 2;
    private const double SmallestText = 4;

    /// <param name="writer">Receives the form and its font.</param>
    /// <param name="frame">The page that shows it.</param>
    /// <param name="shown">The field's place on the page as shown.</param>
    /// <param name="fill">The text and its font.</param>
    /// <param name="size">The size wanted, in points.</param>
    /// <param name="quadding">0 to the left, 1 in the middle, 2 to the right.</param>
    public static PdfRef Draw(PdfIncrementalWriter writer, PageFrame frame, PdfRectangle shown, FieldFill fill, double size, int quadding)
    {
        var (text, type) = (Pdf.Text.LatinLetters.Compose(fill.Text), fill.Font());
        var (width, height) = (shown.Width, shown.Height);
        var length = type.Width(text) / 1000.0;
        size = Math.Max(SmallestText, Math.Min(size, Math.Min(height / LookText.LineHeight, (width - 2 * Margin) / Math.Max(0.01, length))));
        var left = quadding switch { 1 => (width - length * size) / 2, 2 => width - Margin - length * size, _ => Margin };
        var font = new EmbeddedFont(type, text);
        var content = string.Create(CultureInfo.InvariantCulture,
            $"/Tx BMC\nq\nBT /C cs 0 0 0 sc /F {size:0.##} Tf {left:0.###} {(height - size) / 2 + 0.22 * size:0.###} Td {font.Hex(text)} Tj ET\nQ\nEMC\n");
        var resources = new PdfDictionary(
            ("Font", new PdfDictionary(("F", new PdfReference(font.AddTo(writer))))),
            ("ColorSpace", new PdfDictionary(("C", FileColours.Of(writer.File).Rgb))));
        return writer.Add(new PdfStream(LookDrawing.Form(frame, width, height, resources).With("Filter", new PdfName("FlateDecode")), EmbeddedFont.Deflated(Encoding.ASCII.GetBytes(content))));
    }
}
