using System.Text;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Pdf;

/// <summary>
/// A form that asked readers to draw its fields anew and does no longer: now the appearances that the file holds are seen, which nobody saw when it was
/// signed. They must say what the values say; letters and digits count, not how a program groups them.
/// </summary>
internal static class DrawnFieldRule
{
    public static void Check(Difference work)
    {
        foreach (var field in FieldTree.Read(work.After).Where(f => f.Type is "Tx" or "Ch"))
        {
            var said = Said(work.After, field.Value);
            foreach (var (name, widget) in field.Widgets)
            {
                if (name is { } redrawn && work.Redrawn.Contains(redrawn))
                    continue;
                var shown = Shown(work.After, widget);
                if (shown.Length > 0 && (field.Type == "Ch" ? !shown.Contains(said, StringComparison.Ordinal) : shown != said))
                    work.Refuse(ChangeClass.Undefined, name ?? field.Ref, $"Trường «{field.Name}» nay hiện ra nội dung khác với giá trị đã ký.",
                        $"The field '{field.Name}' now shows something else than the value that was signed.", field.Name);
            }
        }
    }

    private static string Said(PdfView view, PdfObject value) => view.Resolve(value) switch
    {
        PdfString one => Marks(one.Text),
        PdfArray several => string.Concat(several.Items.Select(i => Said(view, i))),
        PdfName name => Marks(name.Value),
        _ => "",
    };

    private static string Shown(PdfView view, PdfDictionary widget)
    {
        var text = new StringBuilder();
        foreach (var letter in AnnotationLook.Of(view, widget, letters: true).Letters ?? [])
            text.Append(letter.Font.Text(letter.Code));
        return Marks(text.ToString());
    }

    private static string Marks(string text) => string.Concat(LatinLetters.Compose(text).Where(char.IsLetterOrDigit));
}
