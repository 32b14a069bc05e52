using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Authority;

/// <summary>The sample timestamp authority.</summary>
internal sealed class SampleTimestamps(SampleCa authority, Certificate issuer, TimeProvider time)
{
    private const string Policy = CertificateOids.SampleMarker + ".1";
    private const string TstInfo = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const int BadAlgorithm = 0;
    private const int BadRequest = 2;
    private const int BadDataFormat = 5;
    private const int UnacceptedPolicy = 15;

    public Certificate Certificate => authority.Certificate;

    public byte[] Answer(ReadOnlyMemory<byte> der)
    {
        TimestampRequest request;
        try
        {
            request = TimestampRequest.Parse(der);
        }
        catch (SigningException)
        {
            return Rejected(BadDataFormat, "The request cannot be read.");
        }
        if (request.HashOid is not (MessageHash.Sha256 or MessageHash.Sha384 or MessageHash.Sha512))
            return Rejected(BadAlgorithm, "Use SHA-256, SHA-384 or SHA-512.");
        if (request.Hash.Length != CryptographicOperations.HashData(MessageHash.DotNetName(request.HashOid)!.Value, []).Length)
            return Rejected(BadRequest, "The hash is not as long as its algorithm makes it.");
        if (request.PolicyOid is not (null or Policy))
            return Rejected(UnacceptedPolicy, $"The only policy here is {Policy}.");
        return Granted(Token(Info(request), request.WantsCertificate));
    }

    private byte[] Info(TimestampRequest request)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteObjectIdentifier(Policy);
            using (writer.PushSequence())
            {
                DerWrite.Algorithm(writer, request.HashOid, withNull: true);
                writer.WriteOctetString(request.Hash.Span);
            }
            writer.WriteIntegerUnsigned(RandomNumberGenerator.GetBytes(12));
            writer.WriteGeneralizedTime(time.GetUtcNow(), omitFractionalSeconds: true);
            using (writer.PushSequence())
                writer.WriteInteger(1); // accurate to a second
            if (request.Nonce is { } nonce)
                DerWrite.RawInteger(writer, nonce.Span);
        }
        return writer.Encode();
    }

    private byte[] Token(byte[] info, bool withCertificates)
    {
        using var bare = authority.Certificate.ToX509();
        using var certificate = authority.Key is RSA rsa ? bare.CopyWithPrivateKey(rsa) : bare.CopyWithPrivateKey((ECDsa)authority.Key);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new Oid(MessageHash.Sha256),
            IncludeOption = X509IncludeOption.None,
        };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), Reference()));
        if (withCertificates)
        {
            signer.Certificates.Add(authority.Certificate.ToX509());
            signer.Certificates.Add(issuer.ToX509());
        }
        var cms = new SignedCms(new ContentInfo(new Oid(TstInfo), info));
        cms.ComputeSignature(signer);
        return cms.Encode();
    }

    // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }, SHA-256 by default (RFC 5035).
    private byte[] Reference()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteOctetString(authority.Certificate.Fingerprint.ToBytes());
        return writer.Encode();
    }

    private static byte[] Granted(byte[] token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
                writer.WriteInteger(0);
            writer.WriteEncodedValue(token);
        }
        return writer.Encode();
    }

    private static byte[] Rejected(int failure, string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteInteger(2);
            using (writer.PushSequence())
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
            var bits = new byte[failure / 8 + 1];
            bits[failure / 8] = (byte)(0x80 >> (failure % 8));
            writer.WriteBitString(bits, 7 - failure % 8);
        }
        return writer.Encode();
    }
}
