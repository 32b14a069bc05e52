using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Levels;

/// <summary>What is missing for a level, each thing by its name. A lower level is never given instead.</summary>
internal static class LevelFaults
{
    public static SigningException NoAuthority(BaselineLevel level) => new(SigningFault.BadRequest,
        $"{level.Name()} needs a timestamp authority; name one (--tsa URL).",
        $"Mức {level.Name()} cần máy chủ cấp dấu thời gian; hãy chỉ ra (--tsa URL).");

    public static SigningException NoTrust(BaselineLevel level) => new(SigningFault.BadRequest,
        $"{level.Name()} needs trust anchors, to know which certificates and revocation answers belong into the file (--trust DIR).",
        $"Mức {level.Name()} cần các chứng thư gốc được tin để biết phải kèm chứng thư và thông tin thu hồi nào (--trust DIR).");

    public static SigningException NoPath(Certificate certificate, string vi, string en)
    {
        var (askVi, askEn) = certificate.CaIssuerUrls is [var url, ..]
            ? ($" Chứng thư ghi địa chỉ {url}; nếu đúng, hãy cho phép hỏi máy chủ đó (--revocation-host).", $" It names {url}; if that is right, allow that host to be asked (--revocation-host).")
            : ("", "");
        return new SigningException(SigningFault.ValidationDataUnavailable,
            $"The certificate path of «{certificate.CommonName}» is missing: {en}{askEn}",
            $"Thiếu đường dẫn chứng thực của «{certificate.CommonName}»: {vi}{askVi}");
    }

    public static SigningException Unknown(RevocationAnswer answer)
    {
        var certificate = answer.Certificate;
        var (means, url) = certificate.OcspUrls.Count > 0 ? ("OCSP", certificate.OcspUrls[0]) : certificate.CrlUrls.Count > 0 ? ("CRL", certificate.CrlUrls[0]) : ("OCSP, CRL", "–");
        return new SigningException(SigningFault.ValidationDataUnavailable,
            $"{means} of «{certificate.CommonName}» ({url}): {Sentence(answer.Why?.En)} The level needs a good answer inside the file; nothing was written.",
            $"{means} của «{certificate.CommonName}» ({url}): {Sentence(answer.Why?.Vi)} Mức này cần thông tin thu hồi kèm trong tệp; không ghi kết quả.");
    }

    public static SigningException CrlTooLarge(RevocationAnswer answer, int most) => new(SigningFault.ValidationDataUnavailable,
        $"CRL of «{answer.Certificate.CommonName}» ({answer.Url}): it has {answer.Raw.Length} bytes, and at most {most} are put into a file; let OCSP answer first. Nothing was written.",
        $"CRL của «{answer.Certificate.CommonName}» ({answer.Url}): dài {answer.Raw.Length} byte, chỉ kèm tối đa {most} byte vào tệp; hãy để OCSP trả lời trước. Không ghi kết quả.");

    public static SigningException Revoked(RevocationAnswer answer) => new(SigningFault.CertificateRevoked,
        $"The certificate of «{answer.Certificate.CommonName}» was revoked{(answer.RevokedAt is { } at ? $" on {at:yyyy-MM-dd HH:mm} UTC" : "")} ({answer.Reason}); the level cannot be reached.",
        $"Chứng thư số của «{answer.Certificate.CommonName}» đã bị thu hồi{(answer.RevokedAt is { } when ? $" ngày {when.ToOffset(TimeSpan.FromHours(7)):dd/MM/yyyy HH:mm}" : "")}; không thể đạt mức này.");

    public static SigningException NotReached(BaselineLevel wanted, string field, string vi, string en) => new(SigningFault.OutputDoesNotVerify,
        $"The level {wanted.Name()} was not reached: verifying our own output, the signature {field} {en}; nothing was written.",
        $"Không đạt mức {wanted.Name()}: khi kiểm tra lại tệp vừa tạo, chữ ký {field} {vi}; không ghi kết quả.");

    private static string Sentence(string? why) => string.IsNullOrEmpty(why) || why.EndsWith('.') ? why ?? "" : why + ".";
}
