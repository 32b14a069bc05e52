namespace VanBanDienTu.Pdf.Lint;

/// <summary>
/// Looks through a document before it is signed (soát văn bản trước khi ký): what could make it show something else later, what acts,
/// what is hidden. It judges nothing: which findings stop a signature is the policy of whoever signs.
/// </summary>
/// <remarks>Source: Mainka and others, «Shadow Attacks» (2021); ISO 19005 for what an archive forbids.</remarks>
public static class DocumentLint
{
    /// <summary>The findings, one for each code, in the order of <see cref="LintCodes.All"/>.</summary>
    /// <param name="file">The newest revision of it is looked at.</param>
    public static IReadOnlyList<LintFinding> Run(PdfFile file)
    {
        var report = new LintReport();
        if (file.Encrypted)
            report.Add(LintCodes.Encrypted, null, "Tệp được mã hoá; người nhận phải có mật khẩu.", "The file is encrypted; its recipients need the password.");
        foreach (var finding in file.Findings.Where(f => f.Severity == PdfSeverity.Critical))
            report.Add(LintCodes.Structure, finding.Object, finding.Vi, finding.En);
        try
        {
            file.Budget.Apart(() => Look(file, report));
        }
        catch (PdfException e) when (e.Fault == PdfFault.LimitExceeded)
        {
            report.Add(LintCodes.Incomplete, e.Target, $"Chưa soát được hết tệp: {e.Vi}", $"The file was not looked through to its end: {e.En}");
        }
        return report.Findings;
    }

    private static void Look(PdfFile file, LintReport report)
    {
        var view = file.At(file.Newest);
        LayerLint.Look(view, report);
        FormLint.Look(view, report);
        CoverLint.Look(view, report);
        var reached = new ReachableObjects(view);
        foreach (var (name, dictionary) in reached.Walk())
            ObjectLint.Look(view, name, dictionary, report);
        foreach (var page in reached.UnreachablePages())
            report.Add(LintCodes.UnreachablePage, page, "Tệp chứa trang không nằm trong tài liệu; một sửa đổi nhỏ có thể đưa nó vào thay trang đang thấy.",
                "The file holds a page that is no part of the document; a small update could put it in the place of what is seen.");
    }
}
