using System.Formats.Asn1;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>OCSP's CertID: the issuer by two hashes, the certificate by its serial.</summary>
internal sealed record CertId(string HashOid, ReadOnlyMemory<byte> NameHash, ReadOnlyMemory<byte> KeyHash, ReadOnlyMemory<byte> Serial)
{
    public static CertId Parse(ref DerReader reader)
    {
        var id = reader.Enter(DerReader.Sequence);
        var hash = id.Enter(DerReader.Sequence).ReadOid();
        return new CertId(hash, id.Read(DerReader.OctetString), id.Read(DerReader.OctetString), id.Read(DerReader.Integer));
    }

    public static CertId Of(Certificate certificate, Certificate issuer, string hashOid)
    {
        if (!MessageHash.TryCompute(hashOid, issuer.SubjectRaw.Span, out var name)
            || !MessageHash.TryCompute(hashOid, issuer.PublicKey.KeyBits.Span, out var key))
            throw new ArgumentOutOfRangeException(nameof(hashOid), hashOid, "Not a hash that can be computed.");
        return new CertId(hashOid, name, key, certificate.SerialRaw);
    }

    /// <summary>Compared whole: both hashes, made again from the issuer, and the serial.</summary>
    public bool IsOf(Certificate certificate, Certificate issuer) =>
        Serial.Span.TrimStart((byte)0).SequenceEqual(certificate.SerialRaw.Span.TrimStart((byte)0)) && IsIssuer(issuer);

    public bool IsIssuer(Certificate issuer) => string.Equals(HashOid, MessageHash.Sha1, StringComparison.Ordinal)
        ? NameHash.Span.SequenceEqual(issuer.Subject.Sha1) && KeyHash.Span.SequenceEqual(issuer.PublicKey.Sha1OfKey)
        : IsIssuerByOther(issuer);

    private bool IsIssuerByOther(Certificate issuer) =>
        MessageHash.TryCompute(HashOid, issuer.SubjectRaw.Span, out var name) && NameHash.Span.SequenceEqual(name)
        && MessageHash.TryCompute(HashOid, issuer.PublicKey.KeyBits.Span, out var key) && KeyHash.Span.SequenceEqual(key);

    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            DerWrite.Algorithm(writer, HashOid, withNull: true);
            writer.WriteOctetString(NameHash.Span);
            writer.WriteOctetString(KeyHash.Span);
            DerWrite.RawInteger(writer, Serial.Span);
        }
    }
}
