using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Authority;

/// <summary>Answers OCSP for the sample authorities, each by its delegated responder.</summary>
internal sealed class SampleOcsp(IReadOnlyList<SampleCa> authorities, IReadOnlyList<SampleCa> responders, AuthorityFolder folder, TimeProvider time)
{
    private const int MalformedRequest = 1;
    private const int Unauthorized = 6;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);

    public byte[] Answer(ReadOnlyMemory<byte> der)
    {
        OcspRequest request;
        try
        {
            request = OcspRequest.Parse(der);
        }
        catch (SigningException)
        {
            return Error(MalformedRequest);
        }
        // One responder signs for one authority; ids of other authorities are «unknown» to it.
        var authority = authorities.FirstOrDefault(a => request.Asked.Any(id => id.IsIssuer(a.Certificate)));
        if (authority is null)
            return Error(Unauthorized);
        var responder = responders[authorities.ToList().IndexOf(authority)];
        var data = ResponseData(request, authority, responder);
        return Successful(data, responder);
    }

    private byte[] ResponseData(OcspRequest request, SampleCa authority, SampleCa responder)
    {
        var now = ProfileCertificate.Whole(time.GetUtcNow());
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                writer.WriteOctetString(responder.Certificate.PublicKey.Sha1OfKey);
            writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
            using (writer.PushSequence())
            {
                foreach (var id in request.Asked)
                    Single(writer, id, authority, now);
            }
            if (request.Nonce is { } nonce)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                using (writer.PushSequence())
                    OcspRequest.WriteNonce(writer, nonce.Span);
            }
        }
        return writer.Encode();
    }

    private void Single(AsnWriter writer, CertId id, SampleCa authority, DateTimeOffset now)
    {
        var serial = Convert.ToHexStringLower(id.Serial.Span.TrimStart((byte)0));
        var known = id.IsIssuer(authority.Certificate) && folder.WasIssued(serial);
        using (writer.PushSequence())
        {
            id.Write(writer);
            if (!known)
                writer.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 2));
            else if (folder.FindRevoked(serial) is { } revoked)
                Revoked(writer, revoked);
            else
                writer.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 0));
            writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                writer.WriteGeneralizedTime(now + Validity, omitFractionalSeconds: true);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
                ArchiveCutoff(writer, authority.Certificate.NotBefore);
        }
    }

    // This authority forgets nobody: expired certificates keep their status.
    private static void ArchiveCutoff(AsnWriter writer, DateTimeOffset since)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(OcspResponse.ArchiveCutoffOid);
            using (writer.PushOctetString())
                writer.WriteGeneralizedTime(since, omitFractionalSeconds: true);
        }
    }

    private static void Revoked(AsnWriter writer, RevokedEntry revoked)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
        {
            writer.WriteGeneralizedTime(revoked.At, omitFractionalSeconds: true);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                writer.WriteEncodedValue([DerReader.Enumerated, 1, (byte)revoked.Reason]);
        }
    }

    private static byte[] Successful(byte[] data, SampleCa responder)
    {
        var signature = ((ECDsa)responder.Key).SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var basic = new AsnWriter(AsnEncodingRules.DER);
        using (basic.PushSequence())
        {
            basic.WriteEncodedValue(data);
            DerWrite.Algorithm(basic, "1.2.840.10045.4.3.2", withNull: false);
            basic.WriteBitString(signature);
            using (basic.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (basic.PushSequence())
                basic.WriteEncodedValue(responder.Certificate.Der.Span);
        }
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue([DerReader.Enumerated, 1, 0]);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                writer.WriteOctetString(basic.Encode());
            }
        }
        return writer.Encode();
    }

    private static byte[] Error(int status) => [DerReader.Sequence, 3, DerReader.Enumerated, 1, (byte)status];
}
