using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>A request for a timestamp (yêu cầu cấp dấu thời gian): the hash to be stamped and a nonce.</summary>
/// <remarks>Source: RFC 3161 section 2.4.1.</remarks>
public sealed record TimestampRequest(string HashOid, ReadOnlyMemory<byte> Hash)
{
    public string? PolicyOid { get; init; }

    /// <summary>Content octets of the nonce INTEGER.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; init; }

    /// <summary>The authority shall put its certificate into the token.</summary>
    public bool WantsCertificate { get; init; } = true;

    /// <summary>A request with a fresh nonce of 16 bytes.</summary>
    public static TimestampRequest For(string hashOid, ReadOnlyMemory<byte> hash)
    {
        var nonce = RandomNumberGenerator.GetBytes(16);
        nonce[0] = (byte)((nonce[0] & 0x3f) | 0x40);
        return new TimestampRequest(hashOid, hash) { Nonce = nonce };
    }

    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static TimestampRequest Parse(ReadOnlyMemory<byte> der)
    {
        var inside = new DerReader(der, "timestamp request").Enter(DerReader.Sequence);
        if (inside.ReadSmallInteger() != 1)
            throw inside.Malformed("its version is not 1");
        var imprint = inside.Enter(DerReader.Sequence);
        var hashOid = imprint.Enter(DerReader.Sequence).ReadOid();
        return new TimestampRequest(hashOid, imprint.Read(DerReader.OctetString))
        {
            PolicyOid = inside.Tag == DerReader.ObjectIdentifier ? inside.ReadOid() : null,
            Nonce = inside.Tag == DerReader.Integer ? inside.Read(DerReader.Integer) : null,
            WantsCertificate = inside.Tag == DerReader.Boolean && inside.ReadBoolean(),
        };
    }

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                DerWrite.Algorithm(writer, HashOid, withNull: true);
                writer.WriteOctetString(Hash.Span);
            }
            if (PolicyOid is not null)
                writer.WriteObjectIdentifier(PolicyOid);
            if (Nonce is { } nonce)
                DerWrite.RawInteger(writer, nonce.Span);
            if (WantsCertificate)
                writer.WriteBoolean(true);
        }
        return writer.Encode();
    }
}
