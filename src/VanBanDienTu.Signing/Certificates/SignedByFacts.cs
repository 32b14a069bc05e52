namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// Remembers «this certificate's signature was made by this key»: the one fact about a path that neither time, revocation
/// nor policy can change, so no file can decide another's verdict through it.
/// </summary>
internal static class SignedByFacts
{
    private static readonly BoundedCache<(Fingerprint Certificate, Fingerprint Key), SignatureCheck> Facts = new(8192);

    public static SignatureCheck Check(Certificate certificate, PublicKeyInfo issuerKey) =>
        Facts.GetOrAdd(
            (certificate.Fingerprint, Fingerprint.FromHash(issuerKey.Sha256)),
            _ => certificate.Algorithm.Verify(issuerKey, certificate.TbsRaw.Span, certificate.SignatureValue.Span));

    /// <summary>True when the answer is known and costs nothing.</summary>
    public static bool IsKnown(Certificate certificate, PublicKeyInfo issuerKey) =>
        Facts.TryGet((certificate.Fingerprint, Fingerprint.FromHash(issuerKey.Sha256)), out _);
}
