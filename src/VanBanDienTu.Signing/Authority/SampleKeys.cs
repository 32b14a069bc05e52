using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Authority;

/// <summary>Makes key pairs and wraps them into PKCS#12 files (PBES2, AES-256, SHA-256).</summary>
internal static class SampleKeys
{
    // Enough for a random password of 144 bits; more would only slow every start.
    private const int Iterations = 4_096;

    public static AsymmetricAlgorithm Create(SampleKeyType type) => type switch
    {
        SampleKeyType.Rsa2048 => RSA.Create(2048),
        SampleKeyType.Rsa3072 => RSA.Create(3072),
        SampleKeyType.Rsa4096 => RSA.Create(4096),
        SampleKeyType.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        SampleKeyType.P521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => ECDsa.Create(ECCurve.NamedCurves.nistP384),
    };

    /// <summary>The key with its certificate, and the authorities above it without the root.</summary>
    public static byte[] Pkcs12(AsymmetricAlgorithm key, Certificate certificate, IEnumerable<Certificate> chain, string name, string password)
    {
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations);
        var id = new Pkcs9LocalKeyId([1]);
        var keys = new Pkcs12SafeContents();
        var keyBag = keys.AddShroudedKey(key, password, pbe);
        keyBag.Attributes.Add(id);
        keyBag.Attributes.Add(FriendlyName(name));

        var certificates = new Pkcs12SafeContents();
        using (var own = certificate.ToX509())
            certificates.AddCertificate(own).Attributes.Add(id);
        foreach (var above in chain)
        {
            using var x509 = above.ToX509();
            certificates.AddCertificate(x509);
        }
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(certificates, password, pbe);
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(password, HashAlgorithmName.SHA256, Iterations);
        return builder.Encode();
    }

    // friendlyName (PKCS#9) is a BMPString; .NET has no type for it.
    private static Pkcs9AttributeObject FriendlyName(string name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.BMPString, name);
        return new Pkcs9AttributeObject("1.2.840.113549.1.9.20", writer.Encode());
    }

    public static PublicKey PublicKeyOf(AsymmetricAlgorithm key) => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
}
