using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Cms;

/// <summary>What can be wrong inside a CMS, in words.</summary>
internal static class CmsReasons
{
    public static readonly Reason HashFailure = new("hash-failure", new LocalText(
        "Nội dung đã bị thay đổi: giá trị băm không khớp với giá trị đã ký.",
        "The content was changed: its digest is not the one that was signed."));

    public static readonly Reason ValueInvalid = new("signature-value-invalid", new LocalText(
        "Giá trị chữ ký không khớp với khóa công khai trong chứng thư số của người ký.",
        "The signature value does not hold under the public key of the signer's certificate."));

    public static readonly Reason NoMessageDigest = new("no-message-digest", new LocalText(
        "Chữ ký thiếu thuộc tính message-digest nên không gắn với nội dung nào.",
        "The signature lacks the message-digest attribute, so it is bound to no content."));

    public static readonly Reason OtherContentType = new("content-type-mismatch", new LocalText(
        "Loại nội dung mà người ký đã ký (thuộc tính content-type) không phải là loại ghi trong khối chữ ký, hoặc không có.",
        "The type of content that was signed (the content-type attribute) is not the one that the CMS states, or is missing."));

    public static readonly Reason NoSigningCertificate = new("no-signing-certificate", new LocalText(
        "Chữ ký không kèm chứng thư số của người ký.",
        "The signature does not hold the signer's certificate."));

    public static readonly Reason CertificateReferenceMismatch = new("signing-certificate-mismatch", new LocalText(
        "Chứng thư số kèm theo không phải chứng thư mà người ký đã chỉ định khi ký.",
        "The certificate that came with the signature is not the one that the signer named when signing."));

    public static Reason UnknownFormat(string? subFilter) => new("unknown-sub-filter", new LocalText(
        $"Định dạng chữ ký «{subFilter ?? "không ghi"}» chưa được hỗ trợ, nên chưa kết luận được.",
        $"The signature format '{subFilter ?? "none given"}' is not supported, so nothing can be concluded."));

    public static Reason UnsupportedDigest(string oid) => new("unsupported-digest", new LocalText(
        $"Chưa hỗ trợ thuật toán băm {MessageHash.Name(oid)}, nên chưa kết luận được.",
        $"The digest algorithm {MessageHash.Name(oid)} is not supported, so nothing can be concluded."));

    public static Reason UnsupportedAlgorithm(string algorithm, string key) => new("unsupported-algorithm", new LocalText(
        $"Chưa hỗ trợ thuật toán ký {algorithm} với khóa {key}, nên chưa kết luận được.",
        $"The signature algorithm {algorithm} with a key {key} is not supported, so nothing can be concluded."));
}
