using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.UnitTests.Signing.Paths;

/// <summary>Certificates with their keys, issued in one line each, to tell a story about a path.</summary>
internal static class TestChain
{
    public static readonly DateTimeOffset From = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset To = new(2044, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static byte _serial;

    public static X509Certificate2 Root(string name, Action<CertificateRequest>? more = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Authority(name, key, null);
        more?.Invoke(request);
        return request.CreateSelfSigned(From, To);
    }

    public static X509Certificate2 Ca(this X509Certificate2 issuer, string name, Action<CertificateRequest>? more = null, int? pathLength = null, ECDsa? key = null)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Authority(name, key, pathLength);
        more?.Invoke(request);
        return issuer.Sign(request, key, From, To);
    }

    public static X509Certificate2 Leaf(
        this X509Certificate2 issuer, string name, Action<CertificateRequest>? more = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}, O=Mẫu, C=VN"), key, HashAlgorithmName.SHA256);
        more?.Invoke(request);
        return issuer.Sign(request, key, from ?? From, to ?? To);
    }

    public static X509Certificate2 Sign(this X509Certificate2 issuer, CertificateRequest request, ECDsa key, DateTimeOffset from, DateTimeOffset to)
    {
        using var issuerKey = issuer.GetECDsaPrivateKey()!;
        var serial = RandomNumberGenerator.GetBytes(9);
        serial[0] = (byte)(1 + unchecked(_serial++) % 100);
        using var made = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), from, to, serial);
        return made.CopyWithPrivateKey(key);
    }

    public static Certificate Read(this X509Certificate2 certificate) => Certificate.Parse(certificate.RawData);

    public static void Extension(this CertificateRequest request, string oid, byte[] value, bool critical) =>
        request.CertificateExtensions.Add(new X509Extension(oid, value, critical));

    public static void Usage(this CertificateRequest request, X509KeyUsageFlags usage) =>
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));

    public static void Purposes(this CertificateRequest request, bool critical, params string[] oids)
    {
        var list = new OidCollection();
        foreach (var oid in oids)
            list.Add(new Oid(oid));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(list, critical));
    }

    private static CertificateRequest Authority(string name, ECDsa key, int? pathLength)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
