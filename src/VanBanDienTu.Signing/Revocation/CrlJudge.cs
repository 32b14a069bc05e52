using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>Decides what a CRL says about one certificate, after verifying all of it.</summary>
/// <remarks>Source: RFC 5280 section 6.3, for complete CRLs signed by the certificate's own issuer.</remarks>
internal static class CrlJudge
{
    private static readonly BoundedCache<(Fingerprint Crl, Fingerprint Key), SignatureCheck> SignedBy = new(64);

    public static RevocationAnswer Judge(RevocationQuestion asked, ReadOnlyMemory<byte> der)
    {
        try
        {
            var crl = Crl.Parse(der);
            return Refused(asked, crl, der) is { } why ? asked.Unknown(why.Vi, why.En) : Answer(asked, crl, der);
        }
        catch (SigningException e)
        {
            return asked.Unknown(e.Vietnamese, e.Message);
        }
    }

    private static LocalText? Refused(RevocationQuestion asked, Crl crl, ReadOnlyMemory<byte> der)
    {
        var issuer = asked.Issuer;
        if (!crl.Issuer.Equals(issuer.Subject))
            return new LocalText("Danh sách thu hồi do cơ quan khác ban hành.", "The CRL is another issuer's.");
        if (issuer.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsageFlags.CrlSign))
            return new LocalText("Cơ quan cấp chứng thư không được phép ký danh sách thu hồi.", "The issuer may not sign CRLs.");
        if (crl.UnknownCritical is { } oid)
            return new LocalText(
                $"Danh sách thu hồi có phần mở rộng bắt buộc chưa hỗ trợ: {oid}.", $"The CRL has a critical extension that is not supported: {oid}.");
        if (crl.Scope is { } scope && !scope.Covers(asked.Certificate))
            return new LocalText("Danh sách thu hồi không bao gồm chứng thư này.", "The CRL does not speak for this certificate.");
        var key = (Fingerprint.Of(der.Span), Fingerprint.FromHash(issuer.PublicKey.Sha256));
        var check = SignedBy.GetOrAdd(key, _ => crl.Algorithm.Verify(issuer.PublicKey, crl.TbsRaw.Span, crl.Signature.Span));
        return check switch
        {
            SignatureCheck.Valid => null,
            SignatureCheck.Invalid => new LocalText("Chữ ký trên danh sách thu hồi không đúng.", "The signature of the CRL is invalid."),
            _ => new LocalText("Danh sách thu hồi dùng thuật toán chưa hỗ trợ.", "The CRL uses an algorithm that is not supported."),
        };
    }

    private static RevocationAnswer Answer(RevocationQuestion asked, Crl crl, ReadOnlyMemory<byte> der)
    {
        var entry = crl.Find(asked.Certificate.SerialRaw.Span);
        var answer = new RevocationAnswer
        {
            Certificate = asked.Certificate,
            Status = RevocationStatus.Good,
            Source = RevocationSource.Crl,
            ThisUpdate = crl.ThisUpdate,
            NextUpdate = crl.NextUpdate,
            Responder = crl.Issuer.ToString(),
            Raw = der,
        };
        if (entry is not null && entry.Reason != RevocationReasons.RemoveFromCrl)
        {
            answer = answer with
            {
                Status = RevocationStatus.Revoked,
                RevokedAt = entry.RevokedAt,
                Reason = RevocationReasons.Name(entry.Reason),
            };
            // Listed is listed, also under an extension we cannot read; only a hold may have been lifted since.
            if (entry.Reason != RevocationReasons.CertificateHold)
                return answer;
        }
        if (asked.Staleness(crl.ThisUpdate, crl.NextUpdate, RevocationSource.Crl) is { } stale)
            return answer with { Status = RevocationStatus.Unknown, Why = stale };
        return entry is null && DroppedWhenExpired(asked.Certificate, crl)
            ? answer with
            {
                Status = RevocationStatus.Unknown,
                Why = new LocalText(
                    "Danh sách thu hồi được lập sau khi chứng thư hết hạn nên không còn nói về chứng thư này.",
                    "The CRL was made after the certificate had expired, so it no longer speaks for it."),
            }
            : answer;
    }

    private static bool DroppedWhenExpired(Certificate certificate, Crl crl) =>
        crl.ThisUpdate > certificate.NotAfter && !(crl.KeepsExpiredSince <= certificate.NotAfter);
}
