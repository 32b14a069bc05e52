using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.TestKit;

/// <summary>Keys and certificates made on the spot: a root, an intermediate, and leaves of every key type.</summary>
public static class TestKeys
{
    public const string Password = "mật khẩu 1";

    private static readonly DateTimeOffset From = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly X509Certificate2 Root = SelfSigned("CN=Root of tests");
    private static readonly X509Certificate2 Intermediate = IssuedCa("CN=Intermediate of tests");

    public static readonly Pkcs12Key Rsa2048 = Leaf("rsa2048");
    public static readonly Pkcs12Key P256 = Leaf("p256");

    /// <summary>A leaf of «rsa2048», «rsa3072», «p256» … under the intermediate.</summary>
    public static Pkcs12Key Leaf(string type, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, X509KeyUsageFlags? usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, string name = "CN=Nguyễn Văn A, O=Sở Thử nghiệm") =>
        Pkcs12Key.Load(LeafPkcs12(type, notBefore, notAfter, usage, name), Password, type + ".p12");

    public static byte[] LeafPkcs12(string type, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, X509KeyUsageFlags? usage = X509KeyUsageFlags.DigitalSignature, string name = "CN=Nguyễn Văn A")
    {
        using var leaf = LeafCertificate(type, notBefore, notAfter, usage, name);
        return new X509Certificate2Collection { leaf, X509CertificateLoader.LoadCertificate(Intermediate.RawData), X509CertificateLoader.LoadCertificate(Root.RawData) }
            .Export(X509ContentType.Pkcs12, Password)!;
    }

    public static X509Certificate2 LeafCertificate(string type, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, X509KeyUsageFlags? usage = X509KeyUsageFlags.DigitalSignature, string name = "CN=Nguyễn Văn A")
    {
        using var rsa = type.StartsWith("rsa", StringComparison.Ordinal) ? RSA.Create(int.Parse(type[3..], System.Globalization.CultureInfo.InvariantCulture)) : null;
        using var ec = rsa is null ? ECDsa.Create(type switch { "p256" => ECCurve.NamedCurves.nistP256, "p384" => ECCurve.NamedCurves.nistP384, "p521" => ECCurve.NamedCurves.nistP521, _ => ECCurve.NamedCurves.brainpoolP256r1 }) : null;
        var request = rsa is not null
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, ec!, HashAlgorithmName.SHA256);
        if (usage is { } flags)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)(number[0] & 0x7f | 1);
        using var certificate = request.Create(Intermediate.SubjectName,
            X509SignatureGenerator.CreateForRSA(Intermediate.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1), notBefore ?? From, notAfter ?? To, number);
        return rsa is not null ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey(ec!);
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Ca(name, key).CreateSelfSigned(From, To);
    }

    private static X509Certificate2 IssuedCa(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var certificate = request.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(Root.GetECDsaPrivateKey()!), From, To, [7]);
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Ca(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request;
    }
}
