using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Authority;

/// <summary>The sample timestamp authority.</summary>
internal sealed class SampleTimestamps(SampleCa authority, Certificate issuer, TimeProvider time)
{
    private const string Policy = CertificateOids.SampleMarker + ".1";
    private const int BadAlgorithm = 0;
    private const int BadRequest = 2;
    private const int BadDataFormat = 5;
    private const int UnacceptedPolicy = 15;

    private static readonly Asn1Tag Explicit0 = new(TagClass.ContextSpecific, 0);

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
            writer.WriteIntegerUnsigned(Serial());
            writer.WriteGeneralizedTime(time.GetUtcNow(), omitFractionalSeconds: true);
            using (writer.PushSequence())
                writer.WriteInteger(1); // accurate to a second
            if (request.Nonce is { } nonce)
                DerWrite.RawInteger(writer, nonce.Span);
        }
        return writer.Encode();
    }

    // Positive and without a leading zero byte, or DER would refuse one in 512 of them.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        return serial;
    }

    // By hand: SignedCms would copy the key into a certificate for every token.
    private byte[] Token(byte[] info, bool withCertificates)
    {
        var attributes = Attributes(info);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(Explicit0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(3);
                using (writer.PushSetOf())
                    DerWrite.Algorithm(writer, MessageHash.Sha256, withNull: false);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.TstInfo);
                    using (writer.PushSequence(Explicit0))
                        writer.WriteOctetString(info);
                }
                if (withCertificates)
                {
                    using (writer.PushSetOf(Explicit0))
                    {
                        writer.WriteEncodedValue(authority.Certificate.Der.Span);
                        writer.WriteEncodedValue(issuer.Der.Span);
                    }
                }
                using (writer.PushSetOf())
                    Signer(writer, attributes);
            }
        }
        return writer.Encode();
    }

    private void Signer(AsnWriter writer, byte[] attributes)
    {
        var isRsa = authority.Key is RSA;
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(authority.Certificate.IssuerRaw.Span);
                DerWrite.RawInteger(writer, authority.Certificate.SerialRaw.Span);
            }
            DerWrite.Algorithm(writer, MessageHash.Sha256, withNull: false);
            var tagged = (byte[])attributes.Clone();
            tagged[0] = 0xa0; // [0] IMPLICIT where they travel, SET OF where they are hashed
            writer.WriteEncodedValue(tagged);
            DerWrite.Algorithm(writer, isRsa ? Oids.Rsa : Oids.EcdsaSha256, withNull: isRsa);
            writer.WriteOctetString(authority.Key is RSA rsa
                ? rsa.SignData(attributes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)authority.Key).SignData(attributes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    private byte[] Attributes(byte[] info)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        {
            Attribute(writer, Oids.ContentType, w => w.WriteObjectIdentifier(Oids.TstInfo));
            Attribute(writer, Oids.MessageDigest, w => w.WriteOctetString(SHA256.HashData(info)));
            // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }, SHA-256 by default (RFC 5035).
            Attribute(writer, Oids.SigningCertificateV2, w =>
            {
                using (w.PushSequence())
                using (w.PushSequence())
                using (w.PushSequence())
                    w.WriteOctetString(authority.Certificate.Fingerprint.ToBytes());
            });
        }
        return writer.Encode();
    }

    private static void Attribute(AsnWriter writer, string oid, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
                value(writer);
        }
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
