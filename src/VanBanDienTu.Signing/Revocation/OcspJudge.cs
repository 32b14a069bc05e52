using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>Decides what an OCSP response says about one certificate, after verifying all of it.</summary>
/// <remarks>Source: RFC 6960 sections 3.2 and 4.2.2.</remarks>
internal static class OcspJudge
{
    /// <param name="asked">The certificate, its issuer and the instant.</param>
    /// <param name="der">The response.</param>
    /// <param name="nonce">What we sent; a response that echoes another nonce is refused, one without is accepted.</param>
    public static RevocationAnswer Judge(RevocationQuestion asked, ReadOnlyMemory<byte> der, ReadOnlyMemory<byte>? nonce)
    {
        OcspResponse? response;
        try
        {
            response = OcspResponse.Parse(der, out var error);
            if (response is null)
                return asked.Unknown($"Máy chủ OCSP trả lời lỗi «{error}».", $"The OCSP responder answered with the error «{error}».");
        }
        catch (SigningException e)
        {
            return asked.Unknown(e.Vietnamese, e.Message);
        }
        if (nonce is { } sent && response.Nonce is { } echoed && !sent.Span.SequenceEqual(echoed.Span))
            return asked.Unknown("Phản hồi OCSP mang số ngẫu nhiên (nonce) khác với yêu cầu.", "The OCSP response carries another nonce than the request.");
        if (response.About(asked.Certificate, asked.Issuer) is not { } single)
            return asked.Unknown("Phản hồi OCSP nói về chứng thư khác.", "The OCSP response is about another certificate.");
        if (single.HasUnknownCritical)
            return asked.Unknown("Phản hồi OCSP có phần mở rộng bắt buộc không hiểu được.", "The OCSP response has a critical extension that is not understood.");
        var (responder, problem) = Responder(asked, response);
        if (problem is not null)
            return asked.Unknown(problem.Vi, problem.En);
        return Answer(asked, der, response, single, responder!);
    }

    private static RevocationAnswer Answer(
        RevocationQuestion asked, ReadOnlyMemory<byte> der, OcspResponse response, OcspSingle single, Certificate responder)
    {
        var answer = new RevocationAnswer
        {
            Certificate = asked.Certificate,
            Status = single.Status,
            Source = RevocationSource.Ocsp,
            ThisUpdate = single.ThisUpdate,
            NextUpdate = single.NextUpdate,
            ProducedAt = response.ProducedAt,
            RevokedAt = single.RevokedAt,
            Reason = single.Status == RevocationStatus.Revoked ? RevocationReasons.Name(single.Reason ?? 0) : null,
            Responder = responder.Subject.ToString(),
            Algorithm = response.Algorithm,
            SignerKey = responder.PublicKey,
            ResponderCertificate = responder.Equals(asked.Issuer) ? null : responder,
            Raw = der,
            Sha256 = response.Sha256,
        };
        // A revocation is for good, however old the news; only a hold may have been lifted since.
        if (single.Status == RevocationStatus.Revoked && single.Reason != RevocationReasons.CertificateHold)
            return answer;
        if (asked.Staleness(single.ThisUpdate, single.NextUpdate, RevocationSource.Ocsp) is { } stale)
            return answer with { Status = RevocationStatus.Unknown, Why = stale };
        if (single.Status == RevocationStatus.Unknown)
            return answer with { Why = new LocalText("Máy chủ OCSP không biết chứng thư này.", "The OCSP responder does not know this certificate.") };
        return DroppedWhenExpired(asked.Certificate, single)
            ? answer with
            {
                Status = RevocationStatus.Unknown,
                Why = new LocalText(
                    "Phản hồi OCSP được lập sau khi chứng thư hết hạn và không cam kết còn lưu trạng thái của chứng thư đã hết hạn.",
                    "The OCSP response was made after the certificate had expired and does not promise to know expired certificates."),
            }
            : answer;
    }

    private static bool DroppedWhenExpired(Certificate certificate, OcspSingle single) =>
        single.ThisUpdate > certificate.NotAfter && !(single.ArchiveCutoff <= certificate.NotAfter);

    // The issuer itself, or whom the issuer's own key authorised with the OCSP purpose: nobody else.
    private static (Certificate? Responder, LocalText? Problem) Responder(RevocationQuestion asked, OcspResponse response)
    {
        LocalText? problem = null;
        for (var i = -1; i < response.Certificates.Count; i++)
        {
            var candidate = i < 0 ? asked.Issuer : response.Certificates[i];
            if (!IsNamed(candidate, response) || (i >= 0 && candidate.Equals(asked.Issuer)))
                continue;
            var check = SignedByFacts.CheckResponse(response.Fingerprint, candidate.PublicKey, response.IsSignedBy);
            problem = check switch
            {
                SignatureCheck.Invalid => new LocalText("Chữ ký trên phản hồi OCSP không đúng.", "The signature of the OCSP response is invalid."),
                SignatureCheck.Unsupported => new LocalText("Phản hồi OCSP dùng thuật toán chưa hỗ trợ.", "The OCSP response uses an algorithm that is not supported."),
                _ => Unauthorised(candidate, asked, response),
            };
            if (problem is null)
                return (candidate, null);
        }
        return (null, problem ?? new LocalText(
            "Không có chứng thư của máy chủ đã ký phản hồi OCSP.", "The certificate of the responder that signed the OCSP response is missing."));
    }

    private static bool IsNamed(Certificate candidate, OcspResponse response) => response.ResponderName is { } name
        ? candidate.Subject.Equals(name)
        : candidate.PublicKey.Sha1OfKey.SequenceEqual(response.ResponderKeyHash.Span);

    private static LocalText? Unauthorised(Certificate candidate, RevocationQuestion asked, OcspResponse response)
    {
        if (candidate.Equals(asked.Issuer) || IsSameAuthority(candidate, asked.Issuer) || asked.IsListedResponder?.Invoke(candidate) == true)
            return null;
        var delegated = candidate.Issuer.Equals(asked.Issuer.Subject)
            && candidate.CheckSignedBy(asked.Issuer) == SignatureCheck.Valid
            && candidate.ExtendedKeyUsages.Contains(CertificateOids.OcspSigning, StringComparer.Ordinal)
            && (candidate.KeyUsage is not { } usage || usage.HasFlag(X509KeyUsageFlags.DigitalSignature) || usage.HasFlag(X509KeyUsageFlags.NonRepudiation))
            && candidate.UnknownCriticalExtensions.Count == 0;
        if (!delegated)
            return new LocalText(
                $"«{candidate.CommonName}» không được cơ quan cấp chứng thư ủy quyền trả lời OCSP.",
                $"«{candidate.CommonName}» is not authorised by the issuer to answer OCSP.");
        return response.ProducedAt < candidate.NotBefore - asked.Options.ClockSkew || response.ProducedAt > candidate.NotAfter
            ? new LocalText("Chứng thư của máy chủ OCSP hết hạn khi trả lời.", "The OCSP responder's certificate was not valid when it answered.")
            : null;
    }

    // The issuer may hold several certificates for one name and key (cross-certified, renewed).
    private static bool IsSameAuthority(Certificate candidate, Certificate issuer) =>
        candidate.Subject.Equals(issuer.Subject) && candidate.PublicKey.Sha256.SequenceEqual(issuer.PublicKey.Sha256);
}
