using System.Globalization;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing;

/// <summary>Whether a certificate may sign documents now: better refused here than by every recipient.</summary>
internal static class SigningCertificateCheck
{
    public static async Task RunAsync(ISigningKey key, DateTimeOffset now, RevocationChecker? revocation, TrustSnapshot? trust, CancellationToken cancellation)
    {
        var certificate = key.Certificate;
        if (now > certificate.NotAfter)
            throw new SigningException(SigningFault.CertificateExpired,
                $"The certificate of {certificate.CommonName} expired on {Day(certificate.NotAfter)}; renew it.",
                $"Chứng thư số của {certificate.CommonName} đã hết hạn ngày {Day(certificate.NotAfter)}; hãy gia hạn.");
        if (now < certificate.NotBefore)
            throw new SigningException(SigningFault.CertificateNotYetValid,
                $"The certificate of {certificate.CommonName} is valid from {Day(certificate.NotBefore)}, not yet today.",
                $"Chứng thư số của {certificate.CommonName} có hiệu lực từ {Day(certificate.NotBefore)}, hôm nay chưa dùng được.");
        if (certificate.IsCa || PurposeRules.Judge([certificate], PathPurpose.Signing) is not null)
            throw new SigningException(SigningFault.CertificateUnusable,
                $"The certificate of {certificate.CommonName} is not meant for signing documents (key usage).",
                $"Chứng thư số của {certificate.CommonName} không dùng để ký văn bản (mục đích sử dụng khóa).");
        if (revocation is not null && Issuer(key, trust) is { } issuer)
            await NotRevokedAsync(certificate, issuer, now, revocation, cancellation);
    }

    private static async Task NotRevokedAsync(Certificate certificate, Certificate issuer, DateTimeOffset now, RevocationChecker revocation, CancellationToken cancellation)
    {
        var answer = await revocation.CheckAsync(certificate, issuer, EmbeddedRevocation.None, now, cancellation);
        if (answer.Status == RevocationStatus.Revoked)
            throw new SigningException(SigningFault.CertificateRevoked,
                $"The certificate of {certificate.CommonName} was revoked{When(answer, " on ")}; it cannot sign.",
                $"Chứng thư số của {certificate.CommonName} đã bị thu hồi{When(answer, " ngày ")}; không thể ký.");
    }

    private static Certificate? Issuer(ISigningKey key, TrustSnapshot? trust) =>
        key.Chain.Concat(trust?.Anchors ?? []).FirstOrDefault(c => c.Subject.Equals(key.Certificate.Issuer) && key.Certificate.CheckSignedBy(c) == SignatureCheck.Valid);

    private static string When(RevocationAnswer answer, string word) => answer.RevokedAt is { } at ? word + Day(at) : "";

    private static string Day(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
}
