using System.Security.Cryptography;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>The outcome of one signature check. An algorithm we lack is never called invalid.</summary>
public enum SignatureCheck
{
    Valid,
    Invalid,
    Unsupported,
}

public enum SignatureFamily
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Dsa,
    EdDsa,
    Unknown,
}

/// <summary>
/// A signature algorithm as an AlgorithmIdentifier names it. <paramref name="HashOid"/> is null when the identifier does not
/// fix the hash (rsaEncryption in a CMS) or when it is unknown; <paramref name="SaltLength"/> is for PSS only.
/// </summary>
public sealed record SignatureAlgorithm(
    string Oid, SignatureFamily Family, string? HashOid, string? MaskHashOid = null, int? SaltLength = null)
{
    private static readonly Dictionary<string, (SignatureFamily Family, string? Hash)> Known = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.1"] = (SignatureFamily.RsaPkcs1, null),
        ["1.2.840.113549.1.1.4"] = (SignatureFamily.RsaPkcs1, MessageHash.Md5),
        ["1.2.840.113549.1.1.5"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha1),
        ["1.3.14.3.2.29"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha1),
        ["1.2.840.113549.1.1.14"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha224),
        ["1.2.840.113549.1.1.11"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha256),
        ["1.2.840.113549.1.1.12"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha384),
        ["1.2.840.113549.1.1.13"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha512),
        ["1.3.36.3.3.1.2"] = (SignatureFamily.RsaPkcs1, MessageHash.Ripemd160),
        ["2.16.840.1.101.3.4.3.14"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha3At256),
        ["2.16.840.1.101.3.4.3.15"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha3At384),
        ["2.16.840.1.101.3.4.3.16"] = (SignatureFamily.RsaPkcs1, MessageHash.Sha3At512),
        ["1.2.840.10045.2.1"] = (SignatureFamily.Ecdsa, null),
        ["1.2.840.10045.4.1"] = (SignatureFamily.Ecdsa, MessageHash.Sha1),
        ["1.2.840.10045.4.3.1"] = (SignatureFamily.Ecdsa, MessageHash.Sha224),
        ["1.2.840.10045.4.3.2"] = (SignatureFamily.Ecdsa, MessageHash.Sha256),
        ["1.2.840.10045.4.3.3"] = (SignatureFamily.Ecdsa, MessageHash.Sha384),
        ["1.2.840.10045.4.3.4"] = (SignatureFamily.Ecdsa, MessageHash.Sha512),
        ["2.16.840.1.101.3.4.3.10"] = (SignatureFamily.Ecdsa, MessageHash.Sha3At256),
        ["2.16.840.1.101.3.4.3.11"] = (SignatureFamily.Ecdsa, MessageHash.Sha3At384),
        ["2.16.840.1.101.3.4.3.12"] = (SignatureFamily.Ecdsa, MessageHash.Sha3At512),
        ["1.2.840.10040.4.1"] = (SignatureFamily.Dsa, null),
        ["1.2.840.10040.4.3"] = (SignatureFamily.Dsa, MessageHash.Sha1),
        ["2.16.840.1.101.3.4.3.1"] = (SignatureFamily.Dsa, MessageHash.Sha224),
        ["2.16.840.1.101.3.4.3.2"] = (SignatureFamily.Dsa, MessageHash.Sha256),
        ["2.16.840.1.101.3.4.3.3"] = (SignatureFamily.Dsa, MessageHash.Sha384),
        ["2.16.840.1.101.3.4.3.4"] = (SignatureFamily.Dsa, MessageHash.Sha512),
        ["1.3.101.112"] = (SignatureFamily.EdDsa, null),
        ["1.3.101.113"] = (SignatureFamily.EdDsa, null),
    };

    /// <summary>«RSA», «RSA-PSS», «ECDSA», «DSA», «EdDSA»; the OID when unknown.</summary>
    public string Name => Family switch
    {
        SignatureFamily.RsaPkcs1 => "RSA",
        SignatureFamily.RsaPss => "RSA-PSS",
        SignatureFamily.Ecdsa => "ECDSA",
        SignatureFamily.Dsa => "DSA",
        SignatureFamily.EdDsa => "EdDSA",
        _ => Oid,
    };

    /// <summary>«pkcs1» or «pss» for RSA, else null.</summary>
    public string? Padding => Family switch
    {
        SignatureFamily.RsaPkcs1 => "pkcs1",
        SignatureFamily.RsaPss => "pss",
        _ => null,
    };

    /// <summary>«SHA-256»; null when the identifier does not fix the hash.</summary>
    public string? HashName => HashOid is null ? null : MessageHash.Name(HashOid);

    /// <summary>Reads an AlgorithmIdentifier (the whole SEQUENCE).</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static SignatureAlgorithm Parse(ReadOnlyMemory<byte> algorithmIdentifier)
    {
        var inside = new DerReader(algorithmIdentifier, "certificate").Enter(DerReader.Sequence);
        var oid = inside.ReadOid();
        if (string.Equals(oid, "1.2.840.113549.1.1.10", StringComparison.Ordinal))
            return ParsePss(inside);
        var (family, hash) = Known.GetValueOrDefault(oid, (SignatureFamily.Unknown, null));
        return new SignatureAlgorithm(oid, family, hash);
    }

    /// <summary>
    /// The algorithm of a CMS SignerInfo: what the signature algorithm leaves open (rsaEncryption, id-ecPublicKey, a bare
    /// DSA key) is filled from the digest algorithm.
    /// </summary>
    public static SignatureAlgorithm ForCms(ReadOnlyMemory<byte> signatureAlgorithm, string digestOid)
    {
        var algorithm = Parse(signatureAlgorithm);
        return algorithm.HashOid is null && algorithm.Family is not SignatureFamily.EdDsa and not SignatureFamily.Unknown
            ? algorithm with { HashOid = digestOid }
            : algorithm;
    }

    /// <summary>Checks a signature over <paramref name="data"/>, hashing it here.</summary>
    public SignatureCheck Verify(PublicKeyInfo key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (HashOid is null || !MessageHash.TryCompute(HashOid, data, out var hash))
            return SignatureCheck.Unsupported;
        return VerifyHash(key, hash, signature);
    }

    /// <summary>Checks a signature over a hash made with <see cref="HashOid"/>.</summary>
    public SignatureCheck VerifyHash(PublicKeyInfo key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        try
        {
            return key.Verify(this, hash, signature);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // The platform's library refuses some keys (curves, sizes) when it first uses them: it cannot judge.
            return SignatureCheck.Unsupported;
        }
    }

    // RSASSA-PSS-params: [0] hash, [1] mask generation, [2] salt length, all with SHA-1 era defaults (RFC 4055).
    private static SignatureAlgorithm ParsePss(DerReader inside)
    {
        string hash = MessageHash.Sha1, mask = MessageHash.Sha1;
        var salt = 20;
        if (inside.TryEnter(DerReader.Sequence, out var parameters))
        {
            if (parameters.TryEnter(0xa0, out var h))
                hash = h.Enter(DerReader.Sequence).ReadOid();
            if (parameters.TryEnter(0xa1, out var m))
            {
                var generator = m.Enter(DerReader.Sequence);
                if (!string.Equals(generator.ReadOid(), "1.2.840.113549.1.1.8", StringComparison.Ordinal))
                    return new SignatureAlgorithm("1.2.840.113549.1.1.10", SignatureFamily.Unknown, null);
                mask = generator.AtEnd ? mask : generator.Enter(DerReader.Sequence).ReadOid();
            }
            if (parameters.TryEnter(0xa2, out var s))
                salt = s.ReadSmallInteger();
        }
        return new SignatureAlgorithm("1.2.840.113549.1.1.10", SignatureFamily.RsaPss, hash, mask, salt);
    }
}
