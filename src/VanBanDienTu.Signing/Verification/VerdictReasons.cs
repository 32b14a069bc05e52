using System.Globalization;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Reasons that the verifier itself gives, in words.</summary>
internal static class VerdictReasons
{
    public static readonly Reason SuspiciousChange = new("later-change-suspicious", new LocalText(
        "Sau khi ký, tài liệu có thay đổi không được phép hoặc không giải thích được.",
        "After signing, the document was changed in a way that is not permitted or not understood."));

    public static readonly Reason Partial = new("partial-coverage", new LocalText(
        "Chữ ký chỉ bao phủ một phần nội dung mà người đọc nhìn thấy.",
        "The signature covers only a part of what a reader sees."));

    public static readonly Reason SeveralSigners = new("several-signer-infos", new LocalText(
        "Một chữ ký chứa nhiều người ký (SignerInfo); PAdES chỉ cho phép một.",
        "One signature holds several SignerInfos; PAdES allows exactly one."));

    public static Reason Revoked(RevocationAnswer answer) => new("certificate-revoked", new LocalText(
        $"Chứng thư số của {answer.Certificate.CommonName} đã bị thu hồi{Day(answer, " lúc ")}, và không có bằng chứng chữ ký được tạo trước đó.",
        $"The certificate of {answer.Certificate.CommonName} was revoked{Day(answer, " on ")}, and nothing proves that the signature was made before."));

    public static Reason RevocationUnknown(RevocationAnswer answer) => new("revocation-unknown", new LocalText(
        $"Chưa biết chứng thư số của {answer.Certificate.CommonName} có bị thu hồi hay không. {answer.Why?.Vi}",
        $"It is not known whether the certificate of {answer.Certificate.CommonName} was revoked. {answer.Why?.En}"));

    public static Reason AlgorithmExpired(string name, DateOnly until) => new("algorithm-expired", new LocalText(
        $"Thuật toán {name} chỉ được tin cậy đến {until:dd/MM/yyyy}, và không có bằng chứng chữ ký được tạo trước đó.",
        string.Create(CultureInfo.InvariantCulture, $"The algorithm {name} may be relied on until {until:yyyy-MM-dd} only, and nothing proves that the signature was made before.")));

    private static string Day(RevocationAnswer answer, string word) =>
        answer.RevokedAt is { } at ? word + at.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture) : "";
}
