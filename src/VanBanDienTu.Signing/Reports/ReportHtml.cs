using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Reports;

/// <summary>
/// The report as one self-contained page to read and to print, Vietnamese first. Everything that came from a file or a
/// certificate is encoded: a hostile name is text here, never markup.
/// </summary>
public static class ReportHtml
{
    /// <summary>The page for a whole report.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="pictures">Pages of the signatures, by the name of their field; null for none. For reports about one file.</param>
    public static string Write(VerificationReport report, IReadOnlyList<PagePicture>? pictures = null)
    {
        var page = HtmlText.Page("Kết quả kiểm tra chữ ký số", "Signature verification report");
        page.Row("Thời điểm kiểm tra", "Time of verification", HtmlText.Time(report.Time));
        page.Row("Chương trình, chính sách", "Program, policy", $"{report.Program}; {report.Policy.Id} {report.Policy.Version}");
        page.Row("Nguồn tin cậy", "Trust anchors", $"{report.Trust.Anchors.ToString(CultureInfo.InvariantCulture)} ({report.Trust.Id})");
        if (report.Trust.Sample)
            page.Raw("<p class=\"banner\">Nguồn tin cậy MẪU: chỉ để thử nghiệm, không có giá trị pháp lý. <span lang=\"en\">SAMPLE trust anchors: for trials only.</span></p>");
        foreach (var file in report.Files)
            FileSection(page, file, pictures ?? []);
        return page.End();
    }

    private static void FileSection(HtmlText page, FileVerdict file, IReadOnlyList<PagePicture> pictures)
    {
        page.Raw("<section class=\"file\"><h2>").Text(file.File).Raw(" ").Badge(Word(file.Verdict), Tone(file.Verdict)).Raw("</h2>");
        page.Row("Dung lượng", "Size", file.Size.ToString("N0", CultureInfo.InvariantCulture) + " byte");
        page.Row("SHA-256", "SHA-256", file.Sha256 ?? "–");
        page.Row("Mã báo cáo", "Report id", file.ReportId);
        Findings(page, file.Findings);
        Timeline(page, file);
        foreach (var signature in file.Signatures)
            SignatureSection.Write(page, signature, pictures.FirstOrDefault(p => string.Equals(p.Field, signature.Field, StringComparison.Ordinal)));
        page.Raw("</section>");
    }

    private static void Findings(HtmlText page, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        page.Raw("<h3>Phát hiện <small lang=\"en\">Findings</small></h3><ul>");
        foreach (var finding in findings)
        {
            page.Raw($"<li class=\"{finding.Severity.ToString().ToLowerInvariant()}\">").Both(finding.Text).Raw(" <code>").Text(finding.Code);
            if (finding.Where is { } where)
                page.Text(Place(where));
            page.Raw("</code></li>");
        }
        page.Raw("</ul>");
    }

    private static string Place(FindingPlace where)
    {
        var place = new StringBuilder();
        if (where.Revision is { } revision)
            place.Append(CultureInfo.InvariantCulture, $" revision {revision}");
        if (where.Object is { } number)
            place.Append(CultureInfo.InvariantCulture, $" object {number} {where.Generation ?? 0}");
        if (where.Offset is { } offset)
            place.Append(CultureInfo.InvariantCulture, $" offset {offset}");
        return place.ToString();
    }

    private static void Timeline(HtmlText page, FileVerdict file)
    {
        var steps = file.Signatures
            .Where(s => s.Revision is not null)
            .Select(s => (Revision: s.Revision!.Value, Vi: $"ký: {s.Signer?.Name ?? s.Field}", En: $"signed: {s.Signer?.Name ?? s.Field}"))
            .Concat(file.Signatures.SelectMany(s => s.Changes).Select(c => (c.Revision, c.Text.Vi, c.Text.En)))
            .Distinct().OrderBy(step => step.Revision).ToList();
        if (steps.Count == 0)
            return;
        page.Raw("<h3>Diễn biến các phiên bản <small lang=\"en\">Timeline of revisions</small></h3><table><tr><th>Phiên bản</th><th>Việc xảy ra</th></tr>");
        foreach (var (revision, vi, en) in steps.Take(500))
            page.Raw("<tr><td>").Text(revision.ToString(CultureInfo.InvariantCulture)).Raw("</td><td>").Both(new LocalText(vi, en)).Raw("</td></tr>");
        page.Raw("</table>");
    }

    private static string Word(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TotalPassed => "TOTAL-PASSED · Hợp lệ",
        FileOutcome.TotalFailed => "TOTAL-FAILED · Không hợp lệ",
        FileOutcome.Indeterminate => "INDETERMINATE · Chưa kết luận được",
        FileOutcome.NoSignature => "NO-SIGNATURE · Không có chữ ký số",
        _ => "UNREADABLE · Không đọc được",
    };

    private static string Tone(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TotalPassed => "good",
        FileOutcome.TotalFailed or FileOutcome.Unreadable => "bad",
        _ => "open",
    };
}
