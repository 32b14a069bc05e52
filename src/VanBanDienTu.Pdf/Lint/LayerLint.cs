namespace VanBanDienTu.Pdf.Lint;

/// <summary>Optional content (lớp nội dung): what is off, or off on paper, or off on the screen.</summary>
/// <remarks>Source: ISO 32000-2, 8.11.4.</remarks>
internal static class LayerLint
{
    public static void Look(PdfView view, LintReport report)
    {
        if (view.Get(view.Catalog, "OCProperties") is not PdfDictionary properties || view.Get(properties, "OCGs") is not PdfArray { Count: > 0 } layers)
            return;
        var shown = view.Get(properties, "D") as PdfDictionary ?? PdfDictionary.Empty;
        var off = view.Get(shown, "BaseState") is PdfName { Value: "OFF" } || view.Get(shown, "OFF") is PdfArray { Count: > 0 };
        var hidden = off ? layers[0] : layers.Items.FirstOrDefault(l => view.Resolve(l) is PdfDictionary layer && view.Get(layer, "Usage") is PdfDictionary usage && IsOff(view, usage));
        if (hidden is not null)
            report.Add(LintCodes.HiddenLayer, (hidden as PdfReference)?.Target, "Tài liệu có lớp nội dung đang ẩn; khi lớp được bật, trang sẽ hiển thị khác.", "The document has hidden layers; with one of them on, a page shows something else.");
        else
            report.Add(LintCodes.Layers, (layers[0] as PdfReference)?.Target, "Tài liệu có các lớp nội dung bật, tắt được.", "The document has layers that can be switched off.");
    }

    private static bool IsOff(PdfView view, PdfDictionary usage) =>
        (view.Get(usage, "View") is PdfDictionary onScreen && view.Get(onScreen, "ViewState") is PdfName { Value: "OFF" })
        || (view.Get(usage, "Print") is PdfDictionary onPaper && view.Get(onPaper, "PrintState") is PdfName { Value: "OFF" });
}
