using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Cms;

/// <summary>
/// The cryptographic part of a verdict on one SignerInfo: which certificate, does the content have the signed digest, does
/// the value hold. Trust, time and revocation are judged elsewhere.
/// </summary>
internal sealed record CmsCheck
{
    public Certificate? Signer { get; private init; }
    public required Integrity Integrity { get; init; }
    public SignatureValue? Value { get; private init; }
    public SignatureAlgorithm? Algorithm { get; private init; }
    public required string DigestOid { get; init; }

    /// <summary>The value holds with digestAlgorithm's hash and not with the one that signatureAlgorithm names.</summary>
    public bool NamesAnotherHash { get; private init; }

    /// <summary>Sub-indication of EN 319 102-1 when not intact: HASH_FAILURE, SIG_CRYPTO_FAILURE, FORMAT_FAILURE, …</summary>
    public string? SubIndication { get; private init; }
    public IReadOnlyList<Reason> Reasons { get; private init; } = [];

    /// <summary>A verdict that needs no cryptography: the structure, or a digest outside the CMS, already decides.</summary>
    public static CmsCheck Decided(Integrity integrity, string subIndication, Reason reason, string digestOid = "", Certificate? signer = null) => new()
    {
        Integrity = integrity,
        SubIndication = subIndication,
        Reasons = [reason],
        DigestOid = digestOid,
        Signer = signer,
    };

    /// <summary>A bare RSA value over a digest of the content (adbe.x509.rsa_sha1).</summary>
    public static CmsCheck OfRawValue(Certificate signer, ReadOnlyMemory<byte> value, Func<string, byte[]?> contentDigest)
    {
        foreach (var oid in new[] { MessageHash.Sha1, MessageHash.Sha256, MessageHash.Sha384, MessageHash.Sha512 })
        {
            var algorithm = new SignatureAlgorithm(Oids.Rsa, SignatureFamily.RsaPkcs1, oid);
            if (contentDigest(oid) is { } hash && algorithm.VerifyHash(signer.PublicKey, hash, value.Span) == SignatureCheck.Valid)
                return new CmsCheck { Signer = signer, DigestOid = oid, Algorithm = algorithm, Integrity = Integrity.Intact, Value = SignatureValue.Valid };
        }
        // The digest is inside the encrypted value, so a changed content and a changed value look the same.
        return Decided(Integrity.Broken, "SIG_CRYPTO_FAILURE", CmsReasons.ValueInvalid, MessageHash.Sha1, signer) with { Value = SignatureValue.Invalid };
    }

    /// <summary>Checks one signer of a CMS.</summary>
    /// <param name="certificates">Where the signer's certificate is looked for.</param>
    /// <param name="contentDigest">The digest of the content by an OID; null when it cannot be computed here.</param>
    public static CmsCheck Of(CmsSignerInfo signer, IReadOnlyList<Certificate> certificates, Func<string, byte[]?> contentDigest)
    {
        var digestOid = signer.Digest.Oid;
        var certificate = SignerCertificate.Find(signer, certificates);
        var reasons = new List<Reason>();
        var (matches, digestWhy) = DigestHolds(signer, digestOid, contentDigest, reasons);
        if (matches == SignatureCheck.Invalid)
            return new CmsCheck { Signer = certificate, DigestOid = digestOid, Integrity = digestWhy == Failure.Format ? Integrity.Malformed : Integrity.Broken, SubIndication = digestWhy == Failure.Format ? "FORMAT_FAILURE" : "HASH_FAILURE", Reasons = reasons, Algorithm = AlgorithmOf(signer) };
        if (certificate is null)
        {
            reasons.Add(CmsReasons.NoSigningCertificate);
            return new CmsCheck { DigestOid = digestOid, Integrity = Integrity.Unsupported, SubIndication = "NO_SIGNING_CERTIFICATE_FOUND", Reasons = reasons, Algorithm = AlgorithmOf(signer) };
        }
        var algorithm = AlgorithmOf(signer);
        var value = algorithm is null ? SignatureCheck.Unsupported : ValueHolds(signer, algorithm, certificate, contentDigest);
        if (value == SignatureCheck.Invalid && OtherReading(signer, algorithm!) is { } other && ValueHolds(signer, other, certificate, contentDigest) == SignatureCheck.Valid)
            return Judged(certificate, digestOid, other, matches, SignatureCheck.Valid, signer, reasons) with { NamesAnotherHash = true };
        return Judged(certificate, digestOid, algorithm, matches, value, signer, reasons);
    }

    // Some writers name one hash in signatureAlgorithm and use digestAlgorithm's; the value itself says which it was.
    private static SignatureAlgorithm? OtherReading(CmsSignerInfo signer, SignatureAlgorithm named) =>
        named.Family is SignatureFamily.RsaPkcs1 or SignatureFamily.Ecdsa && !string.Equals(named.HashOid, signer.Digest.Oid, StringComparison.Ordinal)
            ? named with { HashOid = signer.Digest.Oid }
            : null;

    private static CmsCheck Judged(Certificate certificate, string digestOid, SignatureAlgorithm? algorithm, SignatureCheck digest, SignatureCheck value, CmsSignerInfo signer, List<Reason> reasons)
    {
        if (value == SignatureCheck.Invalid)
            reasons.Add(CmsReasons.ValueInvalid);
        if (value == SignatureCheck.Unsupported)
            reasons.Add(CmsReasons.UnsupportedAlgorithm(algorithm?.Name ?? signer.Signature.Oid, certificate.PublicKey.AlgorithmName));
        var integrity = (digest, value) switch
        {
            (_, SignatureCheck.Invalid) => Integrity.Broken,
            (SignatureCheck.Valid, SignatureCheck.Valid) => Integrity.Intact,
            _ => Integrity.Unsupported,
        };
        return new CmsCheck
        {
            Signer = certificate,
            DigestOid = digestOid,
            Algorithm = algorithm,
            Integrity = integrity,
            Value = value switch { SignatureCheck.Valid => SignatureValue.Valid, SignatureCheck.Invalid => SignatureValue.Invalid, _ => SignatureValue.Unsupported },
            SubIndication = integrity switch { Integrity.Broken => "SIG_CRYPTO_FAILURE", Integrity.Unsupported => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", _ => null },
            Reasons = reasons,
        };
    }

    private enum Failure
    {
        None,
        Format,
        Hash,
    }

    private static (SignatureCheck, Failure) DigestHolds(CmsSignerInfo signer, string digestOid, Func<string, byte[]?> contentDigest, List<Reason> reasons)
    {
        if (signer.SignedAttributesElement is null)
            return (SignatureCheck.Valid, Failure.None); // the value itself is over the content
        if (!string.Equals(signer.ContentType, signer.SignedType, StringComparison.Ordinal))
        {
            reasons.Add(CmsReasons.OtherContentType); // RFC 5652, 5.3 and 11.1: what was signed as one thing must not be shown as another
            return (SignatureCheck.Invalid, Failure.Format);
        }
        if (signer.MessageDigest is not { } expected)
        {
            reasons.Add(CmsReasons.NoMessageDigest);
            return (SignatureCheck.Invalid, Failure.Format);
        }
        if (contentDigest(digestOid) is not { } actual)
        {
            reasons.Add(CmsReasons.UnsupportedDigest(digestOid));
            return (SignatureCheck.Unsupported, Failure.None);
        }
        if (expected.Span.SequenceEqual(actual))
            return (SignatureCheck.Valid, Failure.None);
        reasons.Add(CmsReasons.HashFailure);
        return (SignatureCheck.Invalid, Failure.Hash);
    }

    /// <summary>The signature algorithm with its hash; null when the identifier cannot be read.</summary>
    public static SignatureAlgorithm? AlgorithmOf(CmsSignerInfo signer)
    {
        try
        {
            return SignatureAlgorithm.ForCms(signer.Signature.Der, signer.Digest.Oid);
        }
        catch (SigningException)
        {
            return null;
        }
    }

    private static SignatureCheck ValueHolds(CmsSignerInfo signer, SignatureAlgorithm algorithm, Certificate certificate, Func<string, byte[]?> contentDigest)
    {
        if (signer.SignedAttributesElement is null)
            return algorithm.HashOid is { } oid && contentDigest(oid) is { } hash
                ? algorithm.VerifyHash(certificate.PublicKey, hash, signer.SignatureValue.Span)
                : SignatureCheck.Unsupported;
        var best = SignatureCheck.Unsupported;
        foreach (var attributes in signer.SignedAttributesAsDigested())
        {
            best = algorithm.Verify(certificate.PublicKey, attributes, signer.SignatureValue.Span);
            if (best == SignatureCheck.Valid)
                break;
        }
        return best;
    }
}
