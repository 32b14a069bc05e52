using System.Security.Cryptography;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// A SubjectPublicKeyInfo. The platform's key object is made on first use and kept: importing costs several times what a
/// verification does. Safe for any number of threads.
/// </summary>
public sealed class PublicKeyInfo
{
    private readonly Spares<AsymmetricAlgorithm> _imported = new(Environment.ProcessorCount);
    private readonly Spares<PreparedRsa> _prepared = new(Environment.ProcessorCount);
    private readonly Lazy<byte[]> _sha256;
    private readonly Lazy<byte[]> _sha1OfKey;
    private readonly Lazy<string> _sha1OfKeyHex;

    private PublicKeyInfo(ReadOnlyMemory<byte> spki, string oid, string name, string? curve, ReadOnlyMemory<byte> key, int size)
    {
        SubjectPublicKeyInfo = spki;
        AlgorithmOid = oid;
        AlgorithmName = name;
        CurveOid = curve;
        KeyBits = key;
        Size = size;
        _sha256 = new Lazy<byte[]>(() => SHA256.HashData(SubjectPublicKeyInfo.Span));
#pragma warning disable CA5350 // OCSP's byKey and key identifiers are SHA-1 of the key by their standards.
        _sha1OfKey = new Lazy<byte[]>(() => SHA1.HashData(KeyBits.Span));
#pragma warning restore CA5350
        _sha1OfKeyHex = new Lazy<string>(() => Convert.ToHexStringLower(_sha1OfKey.Value));
    }

    /// <summary>The DER of the SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public string AlgorithmOid { get; }

    /// <summary>«RSA», «ECDSA», «DSA», «Ed25519»; the OID when unknown.</summary>
    public string AlgorithmName { get; }

    /// <summary>The OID of a named curve; null for other keys and for curves written out in full (never supported).</summary>
    public string? CurveOid { get; }

    /// <summary>In bits: modulus, field, or 0 when unknown.</summary>
    public int Size { get; }

    /// <summary>The content of the key's BIT STRING, which key identifiers hash.</summary>
    internal ReadOnlyMemory<byte> KeyBits { get; }

    /// <summary>SHA-256 of <see cref="SubjectPublicKeyInfo"/>.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256.Value;

    internal ReadOnlySpan<byte> Sha1OfKey => _sha1OfKey.Value;

    /// <summary>Lower-case hexadecimal.</summary>
    internal string Sha1OfKeyHex => _sha1OfKeyHex.Value;

    /// <summary>Reads a SubjectPublicKeyInfo (the whole SEQUENCE).</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static PublicKeyInfo Parse(ReadOnlyMemory<byte> spki)
    {
        var inside = new DerReader(spki, "certificate").Enter(DerReader.Sequence);
        var algorithm = inside.Enter(DerReader.Sequence);
        var oid = algorithm.ReadOid();
        var key = inside.ReadBitString();
        switch (oid)
        {
            case "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10":
                var modulus = RsaNumbers(key).Modulus;
                return new(spki, oid, "RSA", null, key, BitLength(modulus.Span));
            case "1.2.840.10045.2.1":
                var curve = algorithm.Tag == DerReader.ObjectIdentifier ? algorithm.ReadOid() : null;
                return new(spki, oid, "ECDSA", curve, key, Curves.Bits(curve, key.Length));
            case "1.2.840.10040.4.1":
                var prime = algorithm.Tag == DerReader.Sequence ? algorithm.Enter(DerReader.Sequence).Read(DerReader.Integer) : default;
                return new(spki, oid, "DSA", null, key, BitLength(prime.Span));
            case "1.3.101.112":
                return new(spki, oid, "Ed25519", null, key, 256);
            case "1.3.101.113":
                return new(spki, oid, "Ed448", null, key, 456);
            default:
                return new(spki, oid, oid, null, key, 0);
        }
    }

    /// <summary>Modulus and exponent of an RSA key, for the arithmetic of <see cref="RawRsa"/>.</summary>
    internal (ReadOnlyMemory<byte> Modulus, ReadOnlyMemory<byte> Exponent) RsaNumbers() => RsaNumbers(KeyBits);

    internal SignatureCheck Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        (algorithm.Family, AlgorithmName) switch
        {
            (SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss, "RSA") => VerifyRsa(algorithm, hash, signature),
            (SignatureFamily.Ecdsa, "ECDSA") => VerifyEcdsa(hash, signature),
            (SignatureFamily.Dsa, "DSA") => VerifyDsa(hash, signature),
            (SignatureFamily.EdDsa or SignatureFamily.Unknown, _) => SignatureCheck.Unsupported,
            (_, "RSA" or "ECDSA" or "DSA") => SignatureCheck.Invalid, // an RSA signature by an EC key proves nothing
            _ => SignatureCheck.Unsupported,
        };

    private SignatureCheck VerifyRsa(SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var pss = algorithm.Family == SignatureFamily.RsaPss;
        var native = MessageHash.DotNetName(algorithm.HashOid!);
        var plain = !pss || (algorithm.SaltLength == hash.Length && string.Equals(algorithm.HashOid, algorithm.MaskHashOid, StringComparison.Ordinal));
        if (native is null || !plain || Size < 1024 || !string.Equals(AlgorithmOid, "1.2.840.113549.1.1.1", StringComparison.Ordinal))
            return RawRsa.Verify(this, algorithm, hash, signature);
        if (!pss && Prepared(native.Value) is { } prepared)
        {
            var holds = prepared.Verify(hash, signature);
            _prepared.Keep(prepared);
            return holds ? SignatureCheck.Valid : SignatureCheck.Invalid;
        }
        var rsa = (RSA)Rent(static spki => { var k = RSA.Create(); k.ImportSubjectPublicKeyInfo(spki, out _); return k; });
        var valid = rsa.VerifyHash(hash, signature, native.Value, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        _imported.Keep(rsa);
        return valid ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    private SignatureCheck VerifyEcdsa(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        // Curves written out in full let an attacker choose the generator (CVE-2020-0601): never judged.
        if (CurveOid is null)
            return SignatureCheck.Unsupported;
        var key = (ECDsa)Rent(static spki => { var k = ECDsa.Create(); k.ImportSubjectPublicKeyInfo(spki, out _); return k; });
        var valid = TwoIntegers.TryFixed(signature, (key.KeySize + 7) / 8, out var rs)
            && key.VerifyHash(hash, rs, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _imported.Keep(key);
        return valid ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    private SignatureCheck VerifyDsa(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var key = (DSA)Rent(static spki => { var k = DSA.Create(); k.ImportSubjectPublicKeyInfo(spki, out _); return k; });
        var orderBytes = key.ExportParameters(includePrivateParameters: false).Q!.Length;
        var valid = TwoIntegers.TryFixed(signature, orderBytes, out var rs)
            && key.VerifySignature(hash[..Math.Min(hash.Length, orderBytes)], rs, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _imported.Keep(key);
        return valid ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    // A key signs by one hash function as a rule; the other way is made anew.
    private PreparedRsa? Prepared(HashAlgorithmName hash)
    {
        if (_prepared.Take() is { } kept)
        {
            if (kept.IsFor(hash))
                return kept;
            kept.Dispose();
        }
        var (modulus, exponent) = RsaNumbers();
        return PreparedRsa.TryCreate(modulus.Span, exponent.Span, hash);
    }

    private AsymmetricAlgorithm Rent(Func<byte[], AsymmetricAlgorithm> import) =>
        _imported.Take() ?? import(SubjectPublicKeyInfo.ToArray());

    private static (ReadOnlyMemory<byte> Modulus, ReadOnlyMemory<byte> Exponent) RsaNumbers(ReadOnlyMemory<byte> key)
    {
        var numbers = new DerReader(key, "certificate").Enter(DerReader.Sequence);
        return (numbers.Read(DerReader.Integer), numbers.Read(DerReader.Integer));
    }

    private static int BitLength(ReadOnlySpan<byte> number)
    {
        var trimmed = number.TrimStart((byte)0);
        return trimmed.IsEmpty ? 0 : trimmed.Length * 8 - System.Numerics.BitOperations.LeadingZeroCount((uint)trimmed[0]) + 24;
    }
}
