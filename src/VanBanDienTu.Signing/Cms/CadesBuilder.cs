using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Signing.Cms;

/// <summary>
/// Builds detached CAdES signatures of one key: everything that does not depend on the content is encoded once, so a
/// signature costs two hashes, the key's operation and one copy.
/// </summary>
/// <remarks>
/// ETSI EN 319 122-1 as PAdES (EN 319 142-1) needs it: DER, one SignerInfo, signed attributes content-type, message-digest
/// and signing-certificate-v2; no signing-time, because in a PDF the time is /M.
/// </remarks>
internal sealed class CadesBuilder
{
    private readonly byte[] _attributes;
    private readonly int _digestAt;
    private readonly int _digestSize;
    private readonly byte[] _beforeSignerInfos;
    private readonly byte[] _signerHead;
    private readonly byte[] _signatureAlgorithm;

    public CadesBuilder(ISigningKey key, HashAlgorithmName digest, SignaturePadding padding)
    {
        Digest = digest;
        Padding = padding;
        var digestOid = Supported(digest);
        _digestSize = CryptographicOperations.HashData(digest, []).Length;
        (_attributes, _digestAt) = AttributesTemplate(key.Certificate, _digestSize);
        _beforeSignerInfos = Head(digestOid, key);
        _signerHead = SignerHead(digestOid, key.Certificate);
        _signatureAlgorithm = SignatureAlgorithmOf(key.KeyAlgorithm, digestOid, _digestSize, padding);
        MaxLength = Assemble(_attributes, new byte[MaxSignatureBytes(key)]).Length;
    }

    public HashAlgorithmName Digest { get; }

    public SignaturePadding Padding { get; }

    /// <summary>The signed attributes for a content of that digest, as the DER SET whose hash is signed.</summary>
    public byte[] SignedAttributes(ReadOnlySpan<byte> messageDigest)
    {
        if (messageDigest.Length != _digestSize)
            throw new ArgumentException($"The digest must have {_digestSize} bytes.", nameof(messageDigest));
        var attributes = _attributes.AsSpan().ToArray();
        messageDigest.CopyTo(attributes.AsSpan(_digestAt));
        return attributes;
    }

    /// <summary>The whole ContentInfo from signed attributes of this builder and the key's value over their hash.</summary>
    /// <param name="signedAttributes">As <see cref="SignedAttributes"/> gave them.</param>
    /// <param name="signatureValue">The key's value.</param>
    /// <param name="timestamp">A timestamp token over the value, for an unsigned attribute (level B-T); empty: none.</param>
    public byte[] Assemble(ReadOnlySpan<byte> signedAttributes, ReadOnlySpan<byte> signatureValue, ReadOnlySpan<byte> timestamp = default)
    {
        var unsigned = timestamp.IsEmpty ? [] : UnsignedTimestamp(timestamp);
        var signer = _signerHead.Length + signedAttributes.Length + _signatureAlgorithm.Length
            + DerEncoding.HeaderLength(signatureValue.Length) + signatureValue.Length + unsigned.Length;
        var signerInfo = DerEncoding.HeaderLength(signer) + signer;
        var signerInfos = DerEncoding.HeaderLength(signerInfo) + signerInfo;
        var signedData = _beforeSignerInfos.Length + signerInfos;
        var inExplicit = DerEncoding.HeaderLength(signedData) + signedData;
        var content = SignedDataOid.Length + DerEncoding.HeaderLength(inExplicit) + inExplicit;

        var whole = new byte[DerEncoding.HeaderLength(content) + content];
        var rest = whole.AsSpan();
        Header(ref rest, 0x30, content);
        Bytes(ref rest, SignedDataOid);
        Header(ref rest, 0xa0, inExplicit);
        Header(ref rest, 0x30, signedData);
        Bytes(ref rest, _beforeSignerInfos);
        Header(ref rest, 0x31, signerInfo);
        Header(ref rest, 0x30, signer);
        Bytes(ref rest, _signerHead);
        var attributesAt = rest;
        Bytes(ref rest, signedAttributes);
        attributesAt[0] = 0xa0; // [0] IMPLICIT where they travel, SET OF where they are hashed
        Bytes(ref rest, _signatureAlgorithm);
        Header(ref rest, 0x04, signatureValue.Length);
        Bytes(ref rest, signatureValue);
        Bytes(ref rest, unsigned);
        return whole;
    }

    /// <summary>How long the ContentInfo of this builder can become, without a timestamp.</summary>
    public int MaxLength { get; }

    // RSA: as long as the modulus. ECDSA: two integers of the order's length, each with a sign byte and headers.
    private static int MaxSignatureBytes(ISigningKey key) =>
        string.Equals(key.KeyAlgorithm, "RSA", StringComparison.Ordinal) ? (key.Certificate.PublicKey.Size + 7) / 8 : 2 * ((key.Certificate.PublicKey.Size + 7) / 8) + 12;

    private static string Supported(HashAlgorithmName digest) => digest.Name switch
    {
        "SHA256" or "SHA384" or "SHA512" => MessageHash.OidOf(digest)!,
        _ => throw new SigningException(SigningFault.BadRequest,
            $"We do not sign with the digest {digest.Name}; use SHA-256, SHA-384 or SHA-512.",
            $"Không ký với thuật toán băm {digest.Name}; hãy dùng SHA-256, SHA-384 hoặc SHA-512."),
    };

    private static ReadOnlySpan<byte> SignedDataOid => [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

    private static void Header(ref Span<byte> rest, byte tag, int length) =>
        rest = rest[DerEncoding.WriteHeader(rest, tag, length)..];

    private static void Bytes(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static (byte[] Set, int DigestAt) AttributesTemplate(Certificate certificate, int digestSize)
    {
        // A digest of this value cannot be mistaken for anything else in the template.
        var placeholder = new byte[digestSize];
        placeholder.AsSpan().Fill(0xa5);
        byte[][] attributes =
        [
            Attribute(Oids.ContentType, w => w.WriteObjectIdentifier(Oids.Data)),
            Attribute(Oids.MessageDigest, w => w.WriteOctetString(placeholder)),
            Attribute(Oids.SigningCertificateV2, w => WriteSigningCertificate(w, certificate)),
        ];
        Array.Sort(attributes, (a, b) => a.AsSpan().SequenceCompareTo(b));
        var set = DerEncoding.Wrap(0x31, [.. attributes.SelectMany(a => a)]);
        return (set, set.AsSpan().IndexOf(placeholder));
    }

    // unsignedAttrs [1] IMPLICIT SET OF Attribute { signature-time-stamp, SET { token } }, the token's own bytes untouched.
    private static byte[] UnsignedTimestamp(ReadOnlySpan<byte> token)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER); // DER would refuse a token in BER; what is around it is DER all the same
        using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 1)))
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignatureTimestamp);
            using (writer.PushSetOf())
                writer.WriteEncodedValue(token);
        }
        return writer.Encode();
    }

    private static byte[] Attribute(string oid, Action<AsnWriter> value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
                value(writer);
        }
        return writer.Encode();
    }

    private static void WriteSigningCertificate(AsnWriter writer, Certificate certificate)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            // hashAlgorithm is left out: SHA-256 is its DEFAULT, and DER forbids writing a default.
            writer.WriteOctetString(SHA256.HashData(certificate.Der.Span));
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
                    writer.WriteEncodedValue(certificate.IssuerRaw.Span);
                writer.WriteEncodedValue(DerEncoding.Wrap(0x02, certificate.SerialRaw.Span));
            }
        }
    }

    private static byte[] Head(string digestOid, ISigningKey key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(1);
        using (writer.PushSetOf())
            Oids.WriteAlgorithm(writer, digestOid, withNull: false);
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(Oids.Data);
        using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            foreach (var certificate in key.Chain.Prepend(key.Certificate).DistinctBy(c => c.Sha256, StringComparer.Ordinal))
                writer.WriteEncodedValue(certificate.Der.Span);
        }
        return writer.Encode(); // several elements one after another, as they stand inside a SEQUENCE
    }

    private static byte[] SignerHead(string digestOid, Certificate certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(1);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(certificate.IssuerRaw.Span);
            writer.WriteEncodedValue(DerEncoding.Wrap(0x02, certificate.SerialRaw.Span));
        }
        Oids.WriteAlgorithm(writer, digestOid, withNull: false);
        return writer.Encode(); // several elements one after another, as they stand inside a SEQUENCE
    }

    private static byte[] SignatureAlgorithmOf(string keyAlgorithm, string digestOid, int digestSize, SignaturePadding padding)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (string.Equals(keyAlgorithm, "RSA", StringComparison.Ordinal))
        {
            if (padding == SignaturePadding.Pss)
                Oids.WritePss(writer, digestOid, digestSize);
            else
                Oids.WriteAlgorithm(writer, Oids.Rsa, withNull: true); // RFC 3370: the NULL is required, some readers insist
            return writer.Encode();
        }
        Oids.WriteAlgorithm(writer, digestSize switch { 32 => Oids.EcdsaSha256, 48 => Oids.EcdsaSha384, _ => Oids.EcdsaSha512 }, withNull: false);
        return writer.Encode();
    }
}
