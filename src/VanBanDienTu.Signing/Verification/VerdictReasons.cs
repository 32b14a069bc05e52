using System.Globalization;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Reasons that the verifier itself gives, in words.</summary>
internal static class VerdictReasons
{
    public static readonly Reason SuspiciousChange = new("later-change-suspicious", new LocalText(
        "Sau khi ký, tài liệu có thay đổi không được phép hoặc không giải thích được.",
        "After signing, the document was changed in a way that is not permitted or not understood."));

    public static readonly Reason ReadingsDiffer = new("readings-differ", new LocalText(
        "Các phần mềm khác nhau có thể đọc phần đã ký thành những tài liệu khác nhau.",
        "Different readers may read what was signed as different documents."));

    public static readonly Reason LimitExceeded = new("limit-exceeded", new LocalText(
        "Tài liệu vượt giới hạn an toàn nên chưa xem hết được những thay đổi sau khi ký.",
        "The document exceeds a safety limit, so not all that changed after signing could be looked at."));

    public static readonly Reason Partial = new("partial-coverage", new LocalText(
        "Chữ ký chỉ bao phủ một phần nội dung mà người đọc nhìn thấy.",
        "The signature covers only a part of what a reader sees."));

    public static readonly Reason SeveralSigners = new("several-signer-infos", new LocalText(
        "Một chữ ký chứa nhiều người ký (SignerInfo); PAdES chỉ cho phép một.",
        "One signature holds several SignerInfos; PAdES allows exactly one."));

    public static Reason Revoked(RevocationAnswer answer) => answer.OnHold ? OnHold(answer) : new("certificate-revoked", new LocalText(
        $"Chứng thư số của {answer.Certificate.CommonName} đã bị thu hồi{Day(answer, " lúc ")}{Invalid(answer, ", khóa bị coi là hỏng từ ")}, và không có bằng chứng chữ ký được tạo trước đó.",
        $"The certificate of {answer.Certificate.CommonName} was revoked{Day(answer, " on ")}{Invalid(answer, ", its key held to be bad since ")}, and nothing proves that the signature was made before."));

    private static Reason OnHold(RevocationAnswer answer) => new("certificate-on-hold", new LocalText(
        $"Chứng thư số của {answer.Certificate.CommonName} đang bị tạm dừng{Day(answer, " từ ")}: hãy kiểm tra lại khi nơi cấp quyết định.",
        $"The certificate of {answer.Certificate.CommonName} is on hold{Day(answer, " since ")}: verify again when its authority has decided."));

    public static Reason RevocationUnknown(RevocationAnswer answer) => new("revocation-unknown", new LocalText(
        $"Chưa biết chứng thư số của {answer.Certificate.CommonName} có bị thu hồi hay không. {answer.Why?.Vi}",
        $"It is not known whether the certificate of {answer.Certificate.CommonName} was revoked. {answer.Why?.En}"));

    public static Reason RevocationUnproven(RevocationAnswer answer, DateTimeOffset since) => new("revocation-not-proven", new LocalText(
        $"Cơ quan cấp chứng thư của {answer.Certificate.CommonName} không còn được tin cậy từ {Local(since)}, và không có bằng chứng thông tin thu hồi đã có trước đó.",
        $"The issuer of the certificate of {answer.Certificate.CommonName} is no longer relied on since {Local(since)}, and nothing proves that its revocation information is older."));

    /// <summary>Why a certificate or an algorithm that is no longer good still lets the signature pass.</summary>
    public static Reason SavedByProof(Proof proof, Revocation.RevocationAnswer? revoked, Certificates.Certificate? expired)
    {
        var (vi, en) = proof.Kind switch
        {
            "signature-timestamp" => ("dấu thời gian của chữ ký", "the signature's timestamp"),
            "document-timestamp" => ("dấu thời gian của tài liệu", "a document timestamp"),
            _ => ("kết quả kiểm tra đã lưu trước đây", "earlier stored evidence"),
        };
        var (whyVi, whyEn) = revoked is not null ? ($"Chứng thư số của {revoked.Certificate.CommonName} bị thu hồi{Day(revoked, " lúc ")}", $"The certificate of {revoked.Certificate.CommonName} was revoked{Day(revoked, " on ")}")
            : expired is not null ? ($"Chứng thư số của {expired.CommonName} đã hết hạn lúc {Local(expired.NotAfter)}", $"The certificate of {expired.CommonName} expired on {Local(expired.NotAfter)}")
            : ("Thông tin xác thực đã cũ so với hôm nay", "The validation material is old by now");
        return new("proof-of-existence", new LocalText(
            $"{whyVi}, nhưng {vi} ngày {Local(proof.Time)} chứng minh chữ ký đã có từ trước.",
            $"{whyEn}, but {en} of {Local(proof.Time)} proves that the signature is older."));
    }

    public static Reason WeakAnswer(RevocationAnswer answer, string name, DateOnly until) => new("revocation-algorithm-expired", new LocalText(
        $"Thông tin thu hồi của {answer.Certificate.CommonName} được ký bằng {name}, chỉ được tin cậy đến {until:dd/MM/yyyy}.",
        string.Create(CultureInfo.InvariantCulture, $"The revocation information of {answer.Certificate.CommonName} is signed with {name}, which may be relied on until {until:yyyy-MM-dd} only.")));

    public static readonly Reason TimestampOrder = new("timestamp-order", new LocalText(
        "Thứ tự các dấu thời gian mâu thuẫn: dấu bên trong ghi thời điểm muộn hơn dấu bao phủ nó.",
        "The timestamps contradict each other: one is later than another that covers it."));

    public static Reason AlgorithmExpired(string name, DateOnly until) => new("algorithm-expired", new LocalText(
        $"Thuật toán {name} chỉ được tin cậy đến {until:dd/MM/yyyy}, và không có bằng chứng chữ ký được tạo trước đó.",
        string.Create(CultureInfo.InvariantCulture, $"The algorithm {name} may be relied on until {until:yyyy-MM-dd} only, and nothing proves that the signature was made before.")));

    private static string Day(RevocationAnswer answer, string word) =>
        answer.RevokedAt is { } at ? word + Local(at) : "";

    private static string Invalid(RevocationAnswer answer, string word) =>
        answer.InvalidSince < answer.RevokedAt ? word + Local(answer.InvalidSince.Value) : "";

    // People read Vietnam's clock.
    private static string Local(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
}
