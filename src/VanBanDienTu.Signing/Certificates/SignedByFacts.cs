namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// Remembers «the signature of this certificate, or of this OCSP response, was made by this key»: the one fact that neither time,
/// revocation nor policy can change, so no file can decide another's verdict through it.
/// </summary>
internal static class SignedByFacts
{
    private static readonly BoundedCache<(Fingerprint Certificate, Fingerprint Key), SignatureCheck> Facts = new(8192);
    private static readonly BoundedCache<(Fingerprint Response, Fingerprint Key), SignatureCheck> ResponseFacts = new(8192);

    public static SignatureCheck Check(Certificate certificate, PublicKeyInfo issuerKey) =>
        Facts.GetOrAdd(
            (certificate.Fingerprint, Fingerprint.FromHash(issuerKey.Sha256)),
            _ => certificate.Algorithm.Verify(issuerKey, certificate.TbsRaw.Span, certificate.SignatureValue.Span));

    /// <param name="response">SHA-256 of the whole response: it fixes what was signed, how, and the signature.</param>
    /// <param name="key">The responder's.</param>
    /// <param name="verify">Asked when the fact is not known yet.</param>
    public static SignatureCheck CheckResponse(Fingerprint response, PublicKeyInfo key, Func<PublicKeyInfo, SignatureCheck> verify)
    {
        var fact = (response, Fingerprint.FromHash(key.Sha256));
        return ResponseFacts.TryGet(fact, out var known) ? known : ResponseFacts.GetOrAdd(fact, _ => verify(key));
    }

    /// <summary>The answer when it is known and costs nothing.</summary>
    public static SignatureCheck? Known(Certificate certificate, PublicKeyInfo issuerKey) =>
        Facts.TryGet((certificate.Fingerprint, Fingerprint.FromHash(issuerKey.Sha256)), out var known) ? known : null;
}
