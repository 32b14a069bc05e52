namespace VanBanDienTu.Signing.Verification;

/// <summary>One sentence for each verdict, and what to do next: written for a clerk, not for a cryptographer.</summary>
internal static class VerdictTexts
{
    public static LocalText Text(SignatureVerdict s)
    {
        var (vi, en) = s.Kind == SignatureKind.Timestamp ? ("Dấu thời gian", "The timestamp") : ("Chữ ký", "The signature");
        var by = s.Signer?.Name is { } name ? (Vi: $" của {name}", En: $" of {name}") : (Vi: "", En: "");
        return s.Indication switch
        {
            Indication.TotalPassed when s.LaterChanges == LaterChange.Permitted => new(
                $"{vi}{by.Vi} hợp lệ; sau đó tài liệu chỉ có những thay đổi được phép.", $"{en}{by.En} is valid; later changes are all permitted."),
            Indication.TotalPassed => new($"{vi}{by.Vi} hợp lệ, nội dung còn nguyên vẹn.", $"{en}{by.En} is valid and the content is intact."),
            Indication.TotalFailed => new($"{vi}{by.Vi} không hợp lệ: {First(s).Vi}", $"{en}{by.En} is not valid: {First(s).En}"),
            _ => new($"Chưa kết luận được về {vi.ToLowerInvariant()}{by.Vi}: {First(s).Vi}", $"Nothing final can be said about {en.ToLowerInvariant()}{by.En}: {First(s).En}"),
        };
    }

    public static LocalText NextStep(SignatureVerdict s) => (s.Indication, s.SubIndication) switch
    {
        (Indication.TotalPassed, _) => new("Không cần làm gì thêm.", "Nothing more is needed."),
        (Indication.TotalFailed, "HASH_FAILURE" or "SIG_CRYPTO_FAILURE") => new(
            "Không sử dụng văn bản này; yêu cầu bên gửi gửi lại bản gốc.", "Do not use this document; ask the sender for the original again."),
        (Indication.TotalFailed, "FORMAT_FAILURE") => new(
            "Không sử dụng văn bản này; đề nghị bên gửi ký lại bằng phần mềm đúng chuẩn.", "Do not use this document; ask the sender to sign it again with conforming software."),
        (Indication.TotalFailed, "NOT_YET_VALID") => new(
            "Kiểm tra đồng hồ máy; nếu đúng giờ, yêu cầu bên gửi ký lại khi chứng thư có hiệu lực.", "Check this machine's clock; if it is right, ask the sender to sign again once the certificate is valid."),
        (Indication.TotalFailed, _) => new(
            "Đọc bản như lúc ký (phiên bản đã ký), so với bản hiện tại và hỏi lại bên gửi.", "Read the document as it was signed, compare it with what is shown now, and ask the sender."),
        (Indication.Indeterminate, _) when s.Reasons is [{ Code: "limit-exceeded" }, ..] => new(
            "Đọc bản như lúc ký (phiên bản đã ký) và so với bản hiện tại, hoặc hỏi lại bên gửi.", "Read the document as it was signed and compare it with what is shown now, or ask the sender."),
        (Indication.Indeterminate, _) when s.Reasons is [{ Code: "trusted-list-outdated" }, ..] => new(
            "Đưa danh sách tin cậy bản mới vào thư mục tin cậy rồi kiểm tra lại.", "Put the newest trusted list into the trust folder and verify again."),
        (_, "NO_CERTIFICATE_CHAIN_FOUND") => new(
            "Bổ sung chứng thư gốc (và trung gian) của nơi cấp vào thư mục tin cậy rồi kiểm tra lại.", "Add the issuer's root (and intermediate) certificate to the trust folder and verify again."),
        (_, "TRY_LATER") => new(
            "Kiểm tra kết nối tới máy chủ OCSP/CRL của nơi cấp rồi kiểm tra lại sau.", "Check the connection to the issuer's OCSP/CRL server and verify again later."),
        (_, "REVOKED_NO_POE" or "REVOKED_CA_NO_POE") => new(
            "Không tiếp nhận khi chưa có bằng chứng ký trước lúc thu hồi; yêu cầu bên gửi ký lại bằng chứng thư còn hiệu lực.", "Do not accept without proof of signing before the revocation; ask the sender to sign again with a valid certificate."),
        (_, "OUT_OF_BOUNDS_NO_POE" or "OUT_OF_BOUNDS_NOT_REVOKED") => new(
            "Chứng thư đã hết hạn mà không có dấu thời gian: tìm bằng chứng tiếp nhận trước đây hoặc yêu cầu ký lại.", "The certificate has expired and there is no timestamp: find earlier evidence of receipt, or ask for a new signature."),
        (_, "TIMESTAMP_ORDER_FAILURE") => new(
            "Đề nghị nơi cấp dấu thời gian giải trình; không dựa vào các dấu thời gian này.", "Ask the timestamp authorities to explain; do not rely on these timestamps."),
        (_, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE") => new(
            "Yêu cầu bên gửi ký lại bằng thuật toán được hỗ trợ và còn được tin cậy.", "Ask the sender to sign again with an algorithm that is supported and still relied on."),
        (_, "NO_SIGNING_CERTIFICATE_FOUND") => new(
            "Yêu cầu bên gửi ký lại, kèm chứng thư số của người ký.", "Ask the sender to sign again and to include the signer's certificate."),
        _ => new("Chuyển cán bộ phụ trách chữ ký số xem xét.", "Let the officer in charge of digital signatures look at it."),
    };

    private static LocalText First(SignatureVerdict s) => s.Reasons.Count > 0 ? s.Reasons[0].Text : new("không rõ lý do.", "no reason is known.");
}
