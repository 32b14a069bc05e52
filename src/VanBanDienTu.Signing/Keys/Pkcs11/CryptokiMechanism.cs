using System.Formats.Asn1;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>How a token is asked to sign a ready hash (CK_MECHANISM), and how its answer becomes what a CMS holds.</summary>
/// <param name="Type">CKM_RSA_PKCS, CKM_RSA_PKCS_PSS or CKM_ECDSA.</param>
/// <param name="PssHash">CK_RSA_PKCS_PSS_PARAMS, when <paramref name="PssSalt"/> is not 0.</param>
internal sealed record CryptokiMechanism(ulong Type, ulong PssHash = 0, ulong PssMask = 0, ulong PssSalt = 0)
{
    private const ulong RsaPkcs = 1;
    private const ulong RsaPss = 0xd;
    private const ulong Ecdsa = 0x1041;

    public static CryptokiMechanism For(bool rsa, HashAlgorithmName hash, SignaturePadding padding) => (rsa, padding) switch
    {
        (false, _) => new(Ecdsa),
        (_, SignaturePadding.Pkcs1) => new(RsaPkcs),
        _ => hash.Name switch
        {
            "SHA256" => new(RsaPss, 0x250, 2, 32),
            "SHA384" => new(RsaPss, 0x260, 3, 48),
            _ => new(RsaPss, 0x270, 4, 64),
        },
    };

    /// <summary>What is given to C_Sign: for CKM_RSA_PKCS the token only pads, so the DigestInfo is ours.</summary>
    public byte[] Input(ReadOnlySpan<byte> hash, HashAlgorithmName algorithm)
    {
        if (Type != RsaPkcs)
            return hash.ToArray();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Oids.WriteAlgorithm(writer, MessageHash.OidOf(algorithm)!, withNull: true);
            writer.WriteOctetString(hash);
        }
        return writer.Encode();
    }

    /// <summary>The value as <see cref="ISigningKey"/> gives it: a token's ECDSA is r and s side by side, a CMS wants them in a SEQUENCE.</summary>
    public byte[] Output(byte[] value) => Type == Ecdsa ? EcdsaValue.ToDer(value) : value;
}
