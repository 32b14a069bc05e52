using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Authority;

public sealed class SampleAuthorityTests : IDisposable
{
    private static readonly SampleProfile[] Few =
    [
        SampleProfiles.Demo.First(p => p.Kind == SampleKind.Person),
        SampleProfiles.Demo.First(p => p.Kind == SampleKind.Organization),
        SampleProfiles.Demo.First(p => p.Kind == SampleKind.Node),
        SampleProfiles.Demo.First(p => p.Kind == SampleKind.System),
        SampleProfiles.Demo.First(p => p.Kind == SampleKind.Evidence),
        SampleProfiles.Variants.Single(p => p.Name == "foreign"),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SampleAuthority _authority;
    private readonly TrustSnapshot _trust;

    public SampleAuthorityTests()
    {
        _authority = SampleAuthority.Init(_folder["pki"], new SampleAuthorityOptions { Profiles = Few, AuthorityKey = SampleKeyType.P256 });
        _trust = TrustSnapshot.Load(_authority.TrustFolder, allowSample: true);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("person-G99.63", PathPurpose.Signing, true)]
    [InlineData("organization-G99.63", PathPurpose.Signing, true)]
    [InlineData("evidence-government", PathPurpose.Signing, true)]
    [InlineData("node-government", PathPurpose.TlsServer, true)]
    [InlineData("node-government", PathPurpose.TlsClient, true)]
    [InlineData("system-G99.63", PathPurpose.TlsClient, true)]
    [InlineData("system-G99.63", PathPurpose.TlsServer, false)]
    [InlineData("system-G99.63", PathPurpose.Signing, false)]
    [InlineData("foreign", PathPurpose.TlsClient, false)]
    public void A_key_file_opens_and_its_certificate_serves_its_purpose(string name, PathPurpose purpose, bool expected)
    {
        var key = Pkcs12Key.Load(_authority.KeyFile(name), _authority.Password);
        var path = new PathValidator().Validate(key.Certificate, key.Chain, _trust, DateTimeOffset.UtcNow, purpose);
        Assert.Equal(expected, path.IsValid);
        Assert.True(key.Certificate.IsSample);
    }

    [Fact]
    public void Everything_it_made_is_marked_and_refused_as_an_anchor()
    {
        var strict = TrustSnapshot.Load(_authority.TrustFolder, allowSample: false);
        Assert.True(strict.IsEmpty);
        Assert.Single(strict.RefusedSamples);
        Assert.All([_authority.Root, _authority.TimestampCertificate, .. _authority.Issuers], c => Assert.True(c.IsSample));
        Assert.Single(_trust.Anchors);
    }

    [Fact]
    public void Private_things_are_readable_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        var secrets = Directory.EnumerateFiles(_authority.Folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".p12" or ".key" || Path.GetFileName(f) == "password").ToList();
        Assert.True(secrets.Count >= 14);
        foreach (var secret in secrets)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
    }

    [Fact]
    public void The_organ_id_and_the_kind_of_subject_can_be_read_back()
    {
        var person = Pkcs12Key.Load(_authority.KeyFile("person-G99.63"), _authority.Password).Certificate;
        var organization = Pkcs12Key.Load(_authority.KeyFile("organization-G99.63"), _authority.Password).Certificate;
        Assert.Equal(("G99.63", SubjectKind.Person, "Người Ký Mẫu"), (person.OrganId, person.SubjectKind, person.CommonName));
        Assert.Equal(("G99.63", SubjectKind.Organization, "Cơ quan Mẫu số Một"), (organization.OrganId, organization.SubjectKind, organization.CommonName));
        Assert.Equal("Chánh Văn phòng", person.Subject[CertificateOids.Title]);
    }

    [Fact]
    public void A_second_authority_in_the_same_folder_is_refused_and_a_missing_one_named()
    {
        Assert.Equal(SigningFault.AuthorityUnusable, Assert.Throws<SigningException>(() => SampleAuthority.Init(_authority.Folder)).Fault);
        var missing = Assert.Throws<SigningException>(() => SampleAuthority.Open(_folder["khong-co"]));
        Assert.Contains("vbdt pki init", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_serial_cannot_be_revoked()
    {
        Assert.Throws<SigningException>(() => _authority.Revoke("00ff"));
        Assert.Throws<SigningException>(() => _authority.Revoke("../../password"));
    }

    [Fact]
    public void Every_variant_is_what_its_name_says()
    {
        var now = DateTimeOffset.UtcNow;
        var made = SampleProfiles.Variants.Where(p => p.Key is SampleKeyType.P256 or SampleKeyType.P384 || p.Name is "expired" or "not-yet-valid")
            .ToDictionary(p => p.Name, p => _authority.Issue(p with { Key = p.Key == SampleKeyType.P384 ? p.Key : SampleKeyType.P256 }).Certificate, StringComparer.Ordinal);
        Assert.True(made["expired"].NotAfter < now);
        Assert.True(made["not-yet-valid"].NotBefore > now);
        Assert.Equal(384, made["p384"].PublicKey.Size);
        Assert.Equal("G98", made["stranger"].OrganId);
        var path = new PathValidator().Validate(made["expired"], _authority.Issuers, _trust, now.AddDays(-100), PathPurpose.Signing);
        Assert.True(path.IsValid);
    }
}
