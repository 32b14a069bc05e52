using VanBanDienTu.Pdf.Appearances;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Pdf;

/// <summary>A text field to be made before the first signature, for what comes after it: số, ký hiệu, ngày ban hành.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Page">From 1.</param>
/// <param name="Rect">On the page as shown; null when <paramref name="After"/> says where.</param>
/// <param name="After">Words of the page to whose right the field stands, such as «Số:».</param>
public sealed record ReservedField(string Name, int Page, PdfRectangle? Rect, string? After)
{
    private const double UsualWidth = 90;
    private const double LeastWidth = 24;
    private const double Around = 2;
    private const int Print = 4;

    /// <summary>Adds the field, empty, to page and form.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: somebody signed already, the name is taken, no such page or words, no room.</exception>
    internal void AddTo(PdfIncrementalWriter writer, IReadOnlyList<PdfField> fields)
    {
        if (writer.File.SignatureFields.FirstOrDefault(f => f.Signature is not null) is { } signed)
            throw Cannot($"Phải dành ô trước chữ ký đầu tiên; tệp đã có chữ ký «{signed.Name}».", $"A field must be reserved before the first signature; the file has the signature '{signed.Name}'.");
        if (fields.Any(f => f.Name == Name))
            throw Cannot($"Tài liệu đã có trường «{Name}».", $"The document has a field '{Name}' already.");
        if (writer.File.At(writer.File.Newest).Pages[Page] is not { Ref: { } pageRef } page)
            throw Cannot($"Tài liệu không có trang {Page}.", $"The document has no page {Page}.");
        var frame = PageFrame.Of(writer.File, page);
        var shown = Rect ?? Beside(writer.File, page);
        var rect = frame.UserSpace(shown);
        var empty = writer.Add(new PdfStream(LookDrawing.Form(frame, shown.Width, shown.Height, PdfDictionary.Empty), ReadOnlyMemory<byte>.Empty));
        var field = writer.Add(new PdfDictionary(
            ("Type", new PdfName("Annot")), ("Subtype", new PdfName("Widget")), ("FT", new PdfName("Tx")), ("T", PdfString.FromText(Name)),
            ("Rect", new PdfArray([new PdfReal(rect.Left), new PdfReal(rect.Bottom), new PdfReal(rect.Right), new PdfReal(rect.Top)])),
            ("F", new PdfInteger(Print)), ("P", new PdfReference(pageRef)), ("DA", PdfString.FromText("/Helv 13 Tf 0 g")),
            ("AP", new PdfDictionary(("N", new PdfReference(empty))))));
        FormUpdate.AddWidget(writer, Page, field);
        FormUpdate.AddField(writer, field, flags: 0);
    }

    /// <summary>From the words to the next text on their line, at most so wide.</summary>
    private PdfRectangle Beside(PdfFile file, PdfPage page)
    {
        var text = PageText.Read(file, page);
        if (text.Find(After!) is not [var words, ..])
            throw Cannot($"Trang {Page} không có chữ «{After}» để đặt ô bên cạnh.", $"Page {Page} has no text '{After}' to put a field beside.");
        for (var width = UsualWidth; width >= LeastWidth; width -= Around)
        {
            var place = new PdfRectangle(words.Right + Around, words.Bottom - Around, words.Right + Around + width, words.Top + Around);
            if (place.Right <= text.Frame.Width && text.Under(place).Length == 0)
                return place;
        }
        throw Cannot($"Bên phải chữ «{After}» ở trang {Page} không còn chỗ cho một ô.", $"There is no room for a field to the right of '{After}' on page {Page}.");
    }

    private static PdfException Cannot(string vi, string en) => new(PdfFault.CannotWrite, vi, en);
}
