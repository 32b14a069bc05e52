using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>An OCSP request: what is asked and its nonce.</summary>
/// <remarks>Source: RFC 6960 section 4.1, RFC 8954 (nonce of 32 bytes).</remarks>
internal sealed record OcspRequest(ReadOnlyMemory<byte> Der, IReadOnlyList<CertId> Asked, ReadOnlyMemory<byte>? Nonce)
{
    public const string NonceOid = "1.3.6.1.5.5.7.48.1.2";

    /// <summary>Asks for one certificate, with SHA-1 ids: the only ones that every responder in use understands.</summary>
    public static OcspRequest For(Certificate certificate, Certificate issuer)
    {
        var id = CertId.Of(certificate, issuer, MessageHash.Sha1);
        var nonce = RandomNumberGenerator.GetBytes(32);
        return new OcspRequest(Encode(id, nonce), [id], nonce);
    }

    public static OcspRequest Parse(ReadOnlyMemory<byte> der)
    {
        var tbs = new DerReader(der, "OCSP request").Enter(DerReader.Sequence).Enter(DerReader.Sequence);
        tbs.Skip(0xa0);
        tbs.Skip(0xa1);
        var list = tbs.Enter(DerReader.Sequence);
        var asked = new List<CertId>();
        while (!list.AtEnd)
        {
            var one = list.Enter(DerReader.Sequence);
            asked.Add(CertId.Parse(ref one));
            if (asked.Count > 100)
                throw list.Malformed("it asks for more than 100 certificates");
        }
        var nonce = tbs.TryEnter(0xa2, out var extensions) ? FindNonce(extensions) : null;
        return new OcspRequest(der, asked, nonce);
    }

    private static byte[] Encode(CertId id, byte[] nonce)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                id.Write(writer);
            }
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            using (writer.PushSequence())
            {
                WriteNonce(writer, nonce);
            }
        }
        return writer.Encode();
    }

    public static void WriteNonce(AsnWriter writer, ReadOnlySpan<byte> nonce)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(NonceOid);
            var value = new AsnWriter(AsnEncodingRules.DER);
            value.WriteOctetString(nonce);
            writer.WriteOctetString(value.Encode());
        }
    }

    /// <summary>The nonce among Extensions (a SEQUENCE inside <paramref name="wrapper"/>), unwrapped when it is an OCTET STRING.</summary>
    public static ReadOnlyMemory<byte>? FindNonce(DerReader wrapper)
    {
        var extensions = wrapper.Enter(DerReader.Sequence);
        while (!extensions.AtEnd)
        {
            var one = extensions.Enter(DerReader.Sequence);
            var oid = one.ReadOid();
            one.Skip(DerReader.Boolean);
            var value = one.Read(DerReader.OctetString);
            if (!string.Equals(oid, NonceOid, StringComparison.Ordinal))
                continue;
            // Early responders put the bytes in without the inner OCTET STRING.
            var inner = value.Span is [DerReader.OctetString, var length, ..] && length == value.Length - 2 ? value[2..] : value;
            return inner;
        }
        return null;
    }
}
