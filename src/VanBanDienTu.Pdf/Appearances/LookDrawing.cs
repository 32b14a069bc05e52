using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf.Fonts;
using VanBanDienTu.Pdf.Images;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>Draws a look as a form XObject that stands upright on the page as shown.</summary>
internal static class LookDrawing
{
    /// <param name="writer">Receives the form and what it uses.</param>
    /// <param name="frame">The page that shows it.</param>
    /// <param name="shown">Its place on the page as shown; only its size counts here.</param>
    /// <param name="look">What to draw; null for nothing (PDF/A-1 wants an appearance all the same).</param>
    public static PdfRef Draw(PdfIncrementalWriter writer, PageFrame frame, PdfRectangle shown, SignatureLook? look)
    {
        var (width, height) = (shown.Width, shown.Height);
        var (content, resources) = (new StringBuilder(), PdfDictionary.Empty);
        if (look?.Image is { } image)
        {
            var scale = Math.Min(width / image.Width, height / image.Height);
            var (w, h) = (image.Width * scale, image.Height * scale);
            content.Append(CultureInfo.InvariantCulture, $"q {w:0.###} 0 0 {h:0.###} {(width - w) / 2:0.###} {(height - h) / 2:0.###} cm /I Do Q\n");
            resources = resources.With("XObject", new PdfDictionary(("I", new PdfReference(ImageXObject.Add(writer, image, FileColours.Of(writer.File))))));
        }
        else if (look is { Lines.Count: > 0, Font: { } font })
        {
            var colours = FileColours.Of(writer.File);
            var (size, lines) = LookText.Fit(look.Lines, font, width, height);
            var embedded = new EmbeddedFont(font, string.Concat(lines));
            content.Append("/C CS /C cs 0 0 0 SC 0 0 0 sc\n");
            if (look.Framed)
                content.Append(CultureInfo.InvariantCulture, $"0.5 w 0.25 0.25 {width - 0.5:0.###} {height - 0.5:0.###} re S\n");
            content.Append(CultureInfo.InvariantCulture, $"BT /F {size:0.##} Tf {size * LookText.LineHeight:0.##} TL {LookText.Margin:0.##} {height - (height - lines.Count * size * LookText.LineHeight) / 2 - size:0.###} Td\n");
            foreach (var line in lines)
                content.Append(embedded.Hex(line)).Append(" Tj T*\n");
            content.Append("ET\n");
            resources = new PdfDictionary(
                ("Font", new PdfDictionary(("F", new PdfReference(embedded.AddTo(writer))))),
                ("ColorSpace", new PdfDictionary(("C", colours.Rgb))));
        }
        var form = Form(frame, width, height, resources).With("Filter", new PdfName("FlateDecode"));
        return writer.Add(new PdfStream(form, EmbeddedFont.Deflated(Encoding.ASCII.GetBytes(content.ToString()))));
    }

    /// <summary>The dictionary of a form XObject of that size, upright on the page as shown.</summary>
    public static PdfDictionary Form(PageFrame frame, double width, double height, PdfDictionary resources)
    {
        var form = new PdfDictionary(("Type", new PdfName("XObject")), ("Subtype", new PdfName("Form")), ("BBox", Numbers(0, 0, width, height)), ("Resources", resources));
        return Upright(frame.Rotate, width, height) is { } matrix ? form.With("Matrix", matrix) : form;
    }

    /// <summary>The page is turned clockwise to be shown, so the drawing is turned the other way. The reader fits the result into /Rect (ISO 32000-2, 12.5.5).</summary>
    private static PdfArray? Upright(int rotate, double width, double height) => rotate switch
    {
        90 => Numbers(0, 1, -1, 0, height, 0),
        180 => Numbers(-1, 0, 0, -1, width, height),
        270 => Numbers(0, -1, 1, 0, 0, width),
        _ => null,
    };

    private static PdfArray Numbers(params double[] values) => new([.. values.Select(v => new PdfReal(v))]);
}
