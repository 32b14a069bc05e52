using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf;

/// <summary>Fills reserved text fields (điền số, ngày vào ô dành sẵn) and draws them anew, where every earlier signature permits it.</summary>
internal static class FieldFilling
{
    private const double UsualText = 13; // NĐ 30/2020, Phụ lục I: số, ký hiệu; ngày tháng

    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: no such field, filled already, locked.</exception>
    public static void Apply(PdfIncrementalWriter writer, IReadOnlyList<PdfField> fields, IReadOnlyList<FieldFill> fills)
    {
        foreach (var fill in fills)
        {
            var field = Find(fields, fill.Names);
            if (field is null && fill.IfEmpty)
                continue;
            if (field is null)
                throw Cannot($"Tài liệu không có ô dành sẵn cho {fill.What} (trường văn bản {fill.Names[0]}). Hãy dành ô trước chữ ký đầu tiên, hoặc chỉ tên trường.",
                    $"The document has no field for {fill.WhatEnglish} (a text field {fill.Names[0]}). Reserve one before the first signature, or name the field.");
            if (field.Type != "Tx" || field.Ref is null)
                throw Cannot($"Trường «{field.Name}» không phải là trường văn bản điền được.", $"The field '{field.Name}' is no text field that can be filled.");
            var known = (writer.File.Resolve(field.Value) as PdfString)?.Text ?? "";
            if (known.Length > 0 && fill.IfEmpty)
                continue;
            if (known.Length > 0)
                throw Cannot($"Trường «{field.Name}» đã có giá trị «{known}».", $"The field '{field.Name}' has the value '{known}' already.");
            SigningPermission.CheckFilling(writer.File, field.Name);
            Fill(writer, field, fill);
        }
    }

    private static PdfField? Find(IReadOnlyList<PdfField> fields, IReadOnlyList<string> names) =>
        names.Select(n => fields.FirstOrDefault(f => f.Name == n)).FirstOrDefault(f => f is not null)
        ?? names.Select(Folded).Select(n => fields.FirstOrDefault(f => Folded(f.Name.Split('.')[^1]) == n)).FirstOrDefault(f => f is not null);

    private static string Folded(string name) => string.Concat(Text.LatinLetters.Compose(name).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static void Fill(PdfIncrementalWriter writer, PdfField field, FieldFill fill)
    {
        var view = writer.File.At(writer.File.Newest);
        var name = field.Ref!.Value;
        writer.Replace(name, ((PdfDictionary)writer.Load(name)).With("V", PdfString.FromText(fill.Text)));
        var places = WidgetPlaces.Of(view, [field]);
        foreach (var (widget, dictionary) in field.Widgets)
        {
            if (widget is not { } shown || places.GetValueOrDefault(shown) is not { } page || SignatureFieldReader.RectOf(view, view.Get(dictionary, "Rect")) is not { Width: > 0, Height: > 0 } rect)
                continue;
            var frame = PageFrame.Of(writer.File, page);
            var look = FieldText.Draw(writer, frame, frame.Shown(rect), fill, Size(view, field, dictionary), view.Get(dictionary, "Q") is PdfInteger { Value: 1 or 2 } q ? (int)q.Value : 0);
            writer.Replace(shown, ((PdfDictionary)writer.Load(shown)).With("AP", new PdfDictionary(("N", new PdfReference(look)))));
        }
    }

    /// <summary>The size that the field's own default appearance asks for; 0 there means: as fits.</summary>
    private static double Size(PdfView view, PdfField field, PdfDictionary widget)
    {
        var appearance = (view.Get(widget, "DA") as PdfString) ?? view.Get(field.Dictionary, "DA") as PdfString;
        var words = appearance?.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var at = Array.IndexOf(words, "Tf");
        return at > 0 && double.TryParse(words[at - 1], System.Globalization.CultureInfo.InvariantCulture, out var size) && size is > 1 and < 100 ? size : UsualText;
    }

    private static PdfException Cannot(string vi, string en) => new(PdfFault.CannotWrite, vi, en);
}
