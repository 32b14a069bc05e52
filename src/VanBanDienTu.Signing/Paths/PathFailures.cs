using System.Globalization;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;
using static VanBanDienTu.Signing.Paths.PathSubIndications;

namespace VanBanDienTu.Signing.Paths;

/// <summary>Every way a path can fail, in words: what is wrong with which certificate, in both languages.</summary>
internal static class PathFailures
{
    public static PathFailure NoIssuer(Certificate c, TrustSnapshot trust) => trust switch
    {
        { IsEmpty: true, RefusedSamples.Count: > 0 } => new(NoChainFound, "only-sample-anchors", c,
            "Chỉ có chứng thư gốc mẫu, và chứng thư mẫu không được tin cậy. Khi thử nghiệm, thêm --allow-sample-trust.",
            "Only sample roots were given, and sample roots are not trusted. For tests, add --allow-sample-trust."),
        { IsEmpty: true } => new(NoChainFound, "no-anchors", c,
            "Chưa cấu hình chứng thư gốc tin cậy nào, nên không thể tin chứng thư của người ký.",
            "No trust anchor is configured, so the certificate cannot be trusted."),
        _ => new(NoChainFound, "no-issuer", c,
            $"Không tìm thấy chứng thư của cơ quan cấp «{c.Issuer}» dẫn tới một chứng thư gốc tin cậy.",
            $"No certificate of the issuer «{c.Issuer}» that leads to a trust anchor was found."),
    };

    public static PathFailure NotListedFor(Certificate c, PathPurpose purpose) => new(NoChainFound, "not-listed-for-this", c,
        $"Danh sách tin cậy không công nhận «{c.CommonName}» cho mục đích này ({purpose}).",
        $"The trusted list does not name «{c.CommonName}» for this purpose ({purpose}).");

    public static PathFailure NotGranted(Certificate c, TrustServiceStatus? status, DateTimeOffset at) => new(NoChainFound, "service-not-granted", c,
        $"Dịch vụ của «{c.CommonName}» vào lúc {Day(at)} có trạng thái «{status?.Status ?? "chưa có"}»{(status is null ? "" : $" từ {Day(status.From)}")} trong danh sách tin cậy.",
        $"The service of «{c.CommonName}» was «{status?.Status ?? "not yet listed"}»{(status is null ? "" : $" since {Day(status.From)}")} in the trusted list at {Day(at)}.");

    public static PathFailure ListEnded(Certificate c, DateTimeOffset end) => new(NoChainFound, "trusted-list-outdated", c,
        $"Danh sách tin cậy công nhận «{c.CommonName}» lẽ ra phải được thay bằng bản mới trước {Day(end)}; bản mới có thể đã thu hồi sự công nhận đó.",
        $"The trusted list that names «{c.CommonName}» should have been replaced by {Day(end)}; the newer one may say otherwise.");

    public static PathFailure TooLong(Certificate c) => new(GeneralFailure, "path-too-long", c,
        $"Chuỗi chứng thư dài hơn {PathValidator.MaxLength} bậc.", $"The certificate chain is longer than {PathValidator.MaxLength}.");

    public static PathFailure TooManyCandidates(Certificate c) => new(GeneralFailure, "too-many-candidates", c,
        "Có quá nhiều chứng thư ứng viên để dựng chuỗi; dừng để bảo vệ hệ thống.",
        "Too many candidate certificates to build a chain from; the search was stopped.");

    public static PathFailure NotSignedBy(Certificate c, Certificate issuer) => new(GeneralFailure, "bad-certificate-signature", c,
        $"Chữ ký trên chứng thư «{c.CommonName}» không phải của «{issuer.CommonName}».",
        $"The signature on the certificate «{c.CommonName}» was not made by «{issuer.CommonName}».");

    public static PathFailure AlgorithmUnsupported(Certificate c, Certificate issuer) => new(GeneralFailure, "algorithm-unsupported", c,
        $"Chưa hỗ trợ thuật toán chữ ký {c.Algorithm.Name} ({issuer.PublicKey.AlgorithmName}) trên chứng thư «{c.CommonName}», nên không kết luận được.",
        $"The signature algorithm {c.Algorithm.Name} ({issuer.PublicKey.AlgorithmName}) of the certificate «{c.CommonName}» is not supported, so it cannot be judged.");

    public static PathFailure Expired(Certificate c, DateTimeOffset at) => new(OutOfBounds, "certificate-expired", c,
        $"Chứng thư «{c.CommonName}» đã hết hạn ngày {Day(c.NotAfter)}, trước thời điểm xét {Day(at)}.",
        $"The certificate «{c.CommonName}» expired on {Day(c.NotAfter)}, before the time judged, {Day(at)}.");

    public static PathFailure NotYet(Certificate c, DateTimeOffset at) => new(NotYetValid, "certificate-not-yet-valid", c,
        $"Chứng thư «{c.CommonName}» chỉ có hiệu lực từ {Day(c.NotBefore)}, sau thời điểm xét {Day(at)}.",
        $"The certificate «{c.CommonName}» is valid from {Day(c.NotBefore)} only, after the time judged, {Day(at)}.");

    public static PathFailure WeakAlgorithm(Certificate c, string name, DateOnly until) => new(CryptoConstraints, "weak-algorithm", c,
        $"Chứng thư «{c.CommonName}» dùng {name}, chỉ được chấp nhận đến {until:dd/MM/yyyy}.",
        $"The certificate «{c.CommonName}» rests on {name}, acceptable until {until:yyyy-MM-dd} only.");

    public static PathFailure NotACa(Certificate c) => Constraint(c, "issuer-not-ca",
        $"«{c.CommonName}» không phải chứng thư của cơ quan cấp chứng thư nhưng lại cấp chứng thư khác.",
        $"«{c.CommonName}» is not a certification authority but issued another certificate.");

    public static PathFailure MayNotSignCertificates(Certificate c) => Constraint(c, "issuer-key-usage",
        $"Khóa của «{c.CommonName}» không được phép ký chứng thư (keyCertSign).",
        $"The key of «{c.CommonName}» may not sign certificates (keyCertSign).");

    public static PathFailure PathLength(Certificate c) => Constraint(c, "path-length",
        $"«{c.CommonName}» cấp quá số bậc trung gian mà nó được phép ({c.PathLength}).",
        $"More authorities stand below «{c.CommonName}» than it allows ({c.PathLength}).");

    public static PathFailure UnknownCritical(Certificate c) => Constraint(c, "unknown-critical-extension",
        $"Chứng thư «{c.CommonName}» có phần mở rộng bắt buộc mà chương trình không hiểu: {string.Join(", ", c.UnknownCriticalExtensions)}.",
        $"The certificate «{c.CommonName}» has a critical extension that is not understood: {string.Join(", ", c.UnknownCriticalExtensions)}.");

    public static PathFailure NameNotAllowed(Certificate c, Certificate by, string name) => Constraint(c, "name-constraints",
        $"Tên «{name}» của chứng thư nằm ngoài phạm vi mà «{by.CommonName}» được phép cấp.",
        $"The name «{name}» lies outside what «{by.CommonName}» may issue for.");

    public static PathFailure Policy(Certificate c) => Constraint(c, "policy",
        $"Chuỗi chứng thư không còn chính sách chung nào, mà chính sách là bắt buộc (tại «{c.CommonName}»).",
        $"The chain has no certificate policy in common where one is required (at «{c.CommonName}»).");

    public static PathFailure Purpose(Certificate c, PathPurpose purpose, string what) => Constraint(c, "purpose",
        $"Chứng thư «{c.CommonName}» không dùng cho {Vietnamese(purpose)}: {what}.",
        $"The certificate «{c.CommonName}» is not meant for {English(purpose)}: {what}.");

    private static PathFailure Constraint(Certificate c, string code, string vi, string en) => new(ChainConstraints, code, c, vi, en);

    private static string Vietnamese(PathPurpose purpose) => purpose switch
    {
        PathPurpose.Signing => "ký văn bản",
        PathPurpose.Timestamping => "cấp dấu thời gian",
        PathPurpose.OcspSigning => "trả lời trạng thái chứng thư (OCSP)",
        PathPurpose.TlsClient => "xác thực máy khách TLS",
        PathPurpose.TlsServer => "xác thực máy chủ TLS",
        _ => "việc này",
    };

    private static string English(PathPurpose purpose) => purpose switch
    {
        PathPurpose.Signing => "signing documents",
        PathPurpose.Timestamping => "timestamping",
        PathPurpose.OcspSigning => "OCSP responses",
        PathPurpose.TlsClient => "TLS client authentication",
        PathPurpose.TlsServer => "TLS server authentication",
        _ => "this use",
    };

    // People read Vietnam's clock.
    private static string Day(DateTimeOffset time) =>
        time.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
