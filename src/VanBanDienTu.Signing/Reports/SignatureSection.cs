using System.Globalization;

namespace VanBanDienTu.Signing.Reports;

/// <summary>One signature on the page: the three answers first, then who, then what it rests on.</summary>
internal static class SignatureSection
{
    public static void Write(HtmlText page, SignatureVerdict signature, PagePicture? picture)
    {
        page.Raw("<section class=\"signature\"><h3>").Text(signature.Kind == SignatureKind.Timestamp ? "Dấu thời gian " : "Chữ ký ").Text(signature.Field).Raw(" ")
            .Badge(Word(signature), signature.Indication switch { Indication.TotalPassed => "good", Indication.TotalFailed => "bad", _ => "open" }).Raw("</h3>");
        page.Raw("<p>").Both(signature.Text).Raw("</p><p><b>Việc cần làm:</b> ").Both(signature.NextStep).Raw("</p>");
        Answers(page, signature);
        if (picture is not null)
            Pictures(page, picture);
        Signer(page, signature);
        Reasons(page, signature);
        Changes(page, signature);
        Chain(page, signature);
        Revocation(page, signature);
        Times(page, signature);
        Proofs(page, signature);
        page.Raw("</section>");
    }

    private static string Word(SignatureVerdict s) => s.Indication switch
    {
        Indication.TotalPassed => "TOTAL-PASSED",
        Indication.TotalFailed => "TOTAL-FAILED",
        _ => "INDETERMINATE",
    } + (s.SubIndication is null ? "" : " · " + s.SubIndication);

    private static void Answers(HtmlText page, SignatureVerdict s)
    {
        page.Raw("<div class=\"answers\">");
        Answer(page, "Dữ liệu đã ký còn nguyên vẹn?", "Are the signed bytes intact?", s.Integrity switch
        {
            Integrity.Intact => new LocalText("Còn nguyên vẹn.", "Intact."),
            Integrity.Broken => new LocalText("Đã bị thay đổi.", "They were changed."),
            Integrity.Unsupported => new LocalText("Không kiểm tra được thuật toán hoặc định dạng này.", "An algorithm or format that cannot be checked."),
            _ => new LocalText("Chữ ký sai cấu trúc.", "The signature is malformed."),
        });
        Answer(page, "Chữ ký bao phủ phần nào?", "What does it cover?", s.Coverage switch
        {
            Coverage.WholeFile => new LocalText("Toàn bộ tệp.", "The whole file."),
            Coverage.EarlierRevision => new LocalText($"Phiên bản {Number(s.Revision)} của tệp.", $"Revision {Number(s.Revision)} of the file."),
            _ => new LocalText("Chỉ một phần tệp.", "Only a part of the file."),
        });
        Answer(page, "Sau khi ký có gì thay đổi?", "What changed after?", s.LaterChanges switch
        {
            LaterChange.None => new LocalText("Không có gì.", "Nothing."),
            LaterChange.Permitted => new LocalText("Chỉ có thay đổi được phép.", "Only permitted changes."),
            LaterChange.Unknown => new LocalText("Chưa xem hết được.", "Not all of it could be looked at."),
            _ => new LocalText("Có thay đổi đáng ngờ.", "Suspicious changes."),
        });
        page.Raw("</div>");
    }

    private static void Answer(HtmlText page, string vi, string en, LocalText answer) =>
        page.Raw("<div><b>").Text(vi).Raw("</b><small lang=\"en\">").Text(en).Raw("</small><p>").Both(answer).Raw("</p></div>");

    private static void Pictures(HtmlText page, PagePicture picture)
    {
        var number = Number(picture.Page);
        page.Raw("<div class=\"pictures\">");
        if (picture.Same)
            Picture(page, picture.AsSigned, $"Trang {number}: lúc ký và hiện nay như nhau", $"Page {number}, the same as signed and now");
        else
        {
            Picture(page, picture.AsSigned, $"Trang {number} như lúc ký", $"Page {number} as signed");
            Picture(page, picture.AsNow, $"Trang {number} hiện nay", $"Page {number} as it is now");
        }
        page.Raw("</div>");
    }

    private static void Picture(HtmlText page, byte[]? png, string vi, string en)
    {
        if (png is not null)
            page.Raw("<figure><img alt=\"").Text(vi).Raw("\" src=\"data:image/png;base64,").Raw(Convert.ToBase64String(png)).Raw("\"><figcaption>").Both(new LocalText(vi, en)).Raw("</figcaption></figure>");
    }

    private static void Signer(HtmlText page, SignatureVerdict s)
    {
        page.Raw("<h4>Người ký <small lang=\"en\">Signer</small></h4>");
        page.Row("Chủ thể", "Subject", s.Signer?.Subject);
        page.Row("Nơi cấp, số hiệu", "Issuer, serial", s.Signer is null ? null : $"{s.Signer.Issuer}; {s.Signer.Serial}");
        page.Row("Vai trò", "Role", s.Role switch { "personal" => "Cá nhân (personal)", "organization" => "Cơ quan, tổ chức (organization)", _ => null });
        page.Row("Thời điểm khai báo / chứng minh được", "Claimed / proven time", $"{HtmlText.Time(s.ClaimedTime) ?? "–"} / {HtmlText.Time(s.BestTime) ?? "–"}");
        page.Row("Thuật toán", "Algorithm", s.Algorithm is null ? null : $"{s.Algorithm.Name} {s.Algorithm.Size?.ToString(CultureInfo.InvariantCulture)} {s.Algorithm.Padding}, {s.Digest}");
        page.Row("Định dạng, mức", "Format, level", $"{s.SubFilter ?? "–"}, {s.Level ?? "–"}");
        if (s.MissingForNextLevel.Count > 0)
            page.Row("Còn thiếu cho mức tiếp theo", "Missing for the next level", string.Join("; ", s.MissingForNextLevel));
    }

    private static void Reasons(HtmlText page, SignatureVerdict s)
    {
        if (s.Reasons.Count == 0)
            return;
        page.Raw("<h4>Lý do <small lang=\"en\">Reasons</small></h4><ul>");
        foreach (var reason in s.Reasons)
            page.Raw("<li>").Both(reason.Text).Raw(" <code>").Text(reason.Code).Raw("</code></li>");
        page.Raw("</ul>");
    }

    private static void Changes(HtmlText page, SignatureVerdict s)
    {
        if (s.Changes.Count == 0)
            return;
        page.Raw("<h4>Thay đổi sau khi ký <small lang=\"en\">Changes after signing</small></h4><table><tr><th>Phiên bản</th><th>Đối tượng</th><th>Loại</th><th>Nội dung</th></tr>");
        foreach (var change in s.Changes.Take(1000))
            Cells(page, Number(change.Revision), change.Object, change.ChangeClass, change.Text.Vi + " / " + change.Text.En);
        page.Raw("</table>");
    }

    private static void Chain(HtmlText page, SignatureVerdict s)
    {
        if (s.Chain.Count == 0)
            return;
        page.Raw("<h4>Chuỗi chứng thư <small lang=\"en\">Certificate path</small></h4><table><tr><th>Chủ thể</th><th>Hiệu lực</th><th>SHA-256</th><th></th></tr>");
        foreach (var link in s.Chain)
            Cells(page, link.Subject, $"{HtmlText.Time(link.NotBefore)} – {HtmlText.Time(link.NotAfter)}", link.Sha256, link.Anchor ? "gốc tin cậy (anchor)" : "");
        page.Raw("</table>");
    }

    private static void Revocation(HtmlText page, SignatureVerdict s)
    {
        if (s.Revocation.Count == 0)
            return;
        page.Raw("<h4>Trạng thái thu hồi <small lang=\"en\">Revocation</small></h4><table><tr><th>Số hiệu</th><th>Trạng thái</th><th>Nguồn</th><th>Cập nhật</th><th>Thu hồi lúc</th></tr>");
        foreach (var answer in s.Revocation)
            Cells(page, answer.Serial, answer.Status, $"{answer.Source} {answer.Url} {(answer.Embedded ? "(trong tệp, embedded)" : "")}", HtmlText.Time(answer.ThisUpdate), HtmlText.Time(answer.RevokedAt));
        page.Raw("</table>");
    }

    private static void Proofs(HtmlText page, SignatureVerdict s)
    {
        if (s.Proofs.Count == 0)
            return;
        page.Raw("<h4>Bằng chứng tồn tại <small lang=\"en\">Proofs of existence</small></h4><table><tr><th>Loại</th><th>Thời điểm</th><th></th></tr>");
        foreach (var proof in s.Proofs)
            Cells(page, proof.Kind, HtmlText.Time(proof.Time), proof.Used ? "kết luận dựa vào bằng chứng này (the verdict rests on it)" : "");
        page.Raw("</table>");
    }

    private static void Times(HtmlText page, SignatureVerdict s)
    {
        if (s.Timestamps.Count == 0)
            return;
        page.Raw("<h4>Dấu thời gian <small lang=\"en\">Timestamps</small></h4><table><tr><th>Loại</th><th>Thời điểm</th><th>Nơi cấp</th><th>Nguyên vẹn</th><th>Kết luận</th></tr>");
        foreach (var stamp in s.Timestamps)
            Cells(page, stamp.Kind, HtmlText.Time(stamp.Time), stamp.Authority, stamp.Integrity.ToString().ToLowerInvariant(), stamp.Indication.ToString());
        page.Raw("</table>");
    }

    private static void Cells(HtmlText page, params string?[] cells)
    {
        page.Raw("<tr>");
        foreach (var cell in cells)
            page.Raw("<td>").Text(cell).Raw("</td>");
        page.Raw("</tr>");
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "–";
}
