namespace VanBanDienTu.Pdf.Lint;

/// <summary>What one dictionary by itself gives away: an action, a file, a font that is missing.</summary>
internal static class ObjectLint
{
    public static void Look(PdfView view, PdfRef? name, PdfDictionary dictionary, LintReport report)
    {
        Action(view, name, dictionary, report);
        switch ((dictionary["Type"] as PdfName)?.Value)
        {
            case "Font":
                Font(view, name, dictionary, report);
                break;
            case "Filespec" or "F" when dictionary.Has("EF"):
                report.Add(LintCodes.EmbeddedFile, name, "Tài liệu có tệp đính kèm bên trong.", "The document holds embedded files.");
                break;
        }
        if ((dictionary["Subtype"] as PdfName)?.Value is "RichMedia" or "3D" or "Movie" or "Screen" or "Sound" && dictionary.Has("Rect"))
            report.Add(LintCodes.Multimedia, name, "Tài liệu có nội dung đa phương tiện.", "The document holds multimedia.");
        var isStream = dictionary.Has("Length");
        if ((isStream && dictionary.Has("F")) || (dictionary["Subtype"] is PdfName { Value: "Form" } && dictionary.Has("Ref")) || (dictionary["Subtype"] is PdfName { Value: "Image" } && dictionary.Has("Alternates")))
            report.Add(LintCodes.ExternalContent, name, "Có nội dung lấy từ ngoài tệp hoặc có bản thay thế.", "Some content comes from outside the file or has an alternative.");
    }

    private static void Action(PdfView view, PdfRef? name, PdfDictionary dictionary, LintReport report)
    {
        if (dictionary.Has("JS") || view.Get(dictionary, "S") is PdfName { Value: "JavaScript" })
            report.Add(LintCodes.JavaScript, name, "Tài liệu chứa mã JavaScript, có thể thay đổi nội dung khi mở.", "The document holds JavaScript, which can change what is shown when it is opened.");
        switch (dictionary["S"])
        {
            case PdfName { Value: "Launch" }:
                report.Add(LintCodes.Launch, name, "Tài liệu có lệnh chạy chương trình hoặc mở tệp trên máy người đọc.", "The document has an action that starts a program on the reader's machine.");
                break;
            case PdfName { Value: "SubmitForm" or "ImportData" }:
                report.Add(LintCodes.SubmitAction, name, "Tài liệu có lệnh gửi dữ liệu ra ngoài hoặc lấy dữ liệu vào biểu mẫu.", "The document has an action that sends data away or fetches it into the form.");
                break;
            case PdfName { Value: "Hide" or "SetOCGState" }:
                report.Add(LintCodes.VisibilityAction, name, "Tài liệu có lệnh ẩn hoặc hiện nội dung.", "The document has an action that shows or hides content.");
                break;
        }
    }

    /// <summary>Type 3 fonts are drawings, and of a composite font it is the descendant that has the program.</summary>
    private static void Font(PdfView view, PdfRef? name, PdfDictionary font, LintReport report)
    {
        if ((view.Get(font, "Subtype") as PdfName)?.Value is null or "Type3" or "Type0")
            return;
        if (view.Get(font, "FontDescriptor") is PdfDictionary descriptor && (descriptor.Has("FontFile") || descriptor.Has("FontFile2") || descriptor.Has("FontFile3")))
            return;
        var called = (view.Get(font, "BaseFont") as PdfName)?.Value;
        report.Add(LintCodes.FontNotEmbedded, name, $"Có phông chữ không nhúng trong tệp (đầu tiên: {called}); chữ hiển thị tùy máy người đọc.",
            $"A font is not embedded (the first: {called}); its letters depend on the reader's machine.");
    }
}
