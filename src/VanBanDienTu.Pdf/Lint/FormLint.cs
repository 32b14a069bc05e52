namespace VanBanDienTu.Pdf.Lint;

/// <summary>The form and the annotations of the pages: fields that are hidden, lie on one another, bear one name, or belong to no form.</summary>
internal static class FormLint
{
    private const int Hidden = 1 << 1;
    private const int NoView = 1 << 5;

    /// <summary>Fields that share this much of the smaller one cover each other.</summary>
    private const double Overlap = 0.5;

    private const int MaxWidgets = 2_000;

    public static void Look(PdfView view, LintReport report)
    {
        var form = view.Get(view.Catalog, "AcroForm") as PdfDictionary ?? PdfDictionary.Empty;
        if (form.Has("XFA"))
            report.Add(LintCodes.Xfa, null, "Biểu mẫu dùng XFA: nội dung do phần mềm dựng khi mở.", "The form is in XFA: a program makes what is seen.");
        if (view.Get(form, "NeedAppearances") is PdfBoolean { Value: true })
            report.Add(LintCodes.NeedAppearances, null, "Biểu mẫu yêu cầu phần mềm đọc tự vẽ lại các trường.", "The form asks readers to draw its fields anew.");
        var fields = FieldTree.Read(view);
        foreach (var twice in fields.GroupBy(f => f.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            SameName(report, twice.Last().Ref, twice.Key);
        var known = fields.SelectMany(f => f.Widgets).Select(w => w.Ref).OfType<PdfRef>().ToHashSet();
        foreach (var page in view.Pages.All)
            Annotations(view, page, known, report);
    }

    private static void Annotations(PdfView view, PdfPage page, HashSet<PdfRef> known, LintReport report)
    {
        if (view.Get(page.Dictionary, "Annots") is not PdfArray list)
            return;
        var shown = new List<PdfRectangle>();
        foreach (var item in list.Items)
        {
            if (view.Resolve(item) is not PdfDictionary annotation || SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is not { Width: > 0, Height: > 0 } rect)
                continue;
            var name = (item as PdfReference)?.Target;
            var flags = view.Get(annotation, "F") is PdfInteger f ? f.Value : 0;
            var hidden = (flags & (Hidden | NoView)) != 0;
            if (view.Get(annotation, "Subtype") is not PdfName { Value: "Widget" })
            {
                if (hidden && view.Get(annotation, "Subtype") is not PdfName { Value: "Popup" })
                    report.Add(LintCodes.HiddenAnnotation, name, $"Trang {page.Number} có chú thích đang ẩn.", $"Page {page.Number} has a hidden annotation.");
                continue;
            }
            if (name is null || !known.Contains(name.Value))
                report.Add(LintCodes.FieldOutsideForm, name, $"Trang {page.Number} hiển thị một trường không thuộc biểu mẫu của tài liệu.", $"Page {page.Number} shows a field that is no part of the document's form.");
            if (IsSignature(view, annotation))
                continue;
            if (hidden)
                report.Add(LintCodes.HiddenField, name, $"Trang {page.Number} có trường biểu mẫu đang ẩn.", $"Page {page.Number} has a hidden form field.");
            if (shown.Count < MaxWidgets && shown.Exists(s => Cover(s, rect)))
                report.Add(LintCodes.OverlappingFields, name, $"Trang {page.Number} có các trường biểu mẫu chồng lên nhau.", $"Page {page.Number} has form fields that lie on one another.");
            shown.Add(rect);
        }
    }

    private static bool IsSignature(PdfView view, PdfDictionary widget) =>
        view.Get(widget, "FT") is PdfName { Value: "Sig" } || (view.Get(widget, "Parent") is PdfDictionary parent && view.Get(parent, "FT") is PdfName { Value: "Sig" });

    private static void SameName(LintReport report, PdfRef? field, string name) =>
        report.Add(LintCodes.SameFieldName, field, $"Có hai trường cùng tên «{name}».", $"Two fields bear the name '{name}'.");

    private static bool Cover(PdfRectangle a, PdfRectangle b)
    {
        var width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        var height = Math.Min(a.Top, b.Top) - Math.Max(a.Bottom, b.Bottom);
        return width > 0 && height > 0 && width * height >= Overlap * Math.Min(a.Width * a.Height, b.Width * b.Height);
    }
}
