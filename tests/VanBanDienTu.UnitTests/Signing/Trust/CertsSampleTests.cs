using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.UnitTests.Signing.Trust;

/// <summary>The published sample chain works, lasts, and is refused by default.</summary>
public sealed class CertsSampleTests
{
    private static readonly string Folder = Find("certs-sample");

    [Fact]
    public void Its_root_is_refused_as_an_anchor()
    {
        Assert.True(TrustSnapshot.Load(Path.Combine(Folder, "trust"), allowSample: false).IsEmpty);
        Assert.True(TrustSnapshot.Load(Path.Combine(Folder, "trust"), allowSample: true).Sample);
    }

    [Fact]
    public void The_keys_of_all_its_authorities_are_compiled_in()
    {
        var authority = SampleAuthority.Open(Folder);
        var missing = authority.AuthorityNames.Where(n => !SampleAnchors.IsPublishedKey(authority.AuthorityCertificate(n)!.PublicKey));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_certificate_without_the_marker_but_with_a_published_key_is_a_sample_too()
    {
        using var key = System.Security.Cryptography.RSA.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Folder, "authority", "root.key")));
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=Gốc tin cậy", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var disguised = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var certificate = Certificate.Parse(disguised.RawData);
        Assert.False(certificate.IsSample);
        Assert.True(SampleAnchors.IsSample(certificate));
    }

    [Theory]
    [InlineData("person-G99.63", SubjectKind.Person)]
    [InlineData("organization-G99.63", SubjectKind.Organization)]
    [InlineData("evidence-unit", SubjectKind.Unknown)]
    public void Its_keys_open_and_are_valid_until_2046(string name, SubjectKind kind)
    {
        var password = File.ReadAllText(Path.Combine(Folder, "password"));
        var key = Pkcs12Key.Load(Path.Combine(Folder, "keys", name + ".p12"), password);
        var trust = TrustSnapshot.Load(Path.Combine(Folder, "trust"), allowSample: true);
        foreach (var at in new[] { DateTimeOffset.UtcNow, new DateTimeOffset(2046, 11, 1, 0, 0, 0, TimeSpan.Zero) })
            Assert.True(new PathValidator().Validate(key.Certificate, key.Chain, trust, at, PathPurpose.Signing).IsValid);
        Assert.Equal(kind, key.Certificate.SubjectKind);
        Assert.Equal("G99.63", key.Certificate.OrganId);
    }

    private static string Find(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }
        throw new DirectoryNotFoundException($"No {name} above {AppContext.BaseDirectory}.");
    }
}
