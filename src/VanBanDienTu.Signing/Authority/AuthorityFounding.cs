using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Authority;

/// <summary>Makes the authorities themselves: root, two below it, a delegated OCSP responder for each, a timestamp authority.</summary>
internal sealed class AuthorityFounding(AuthorityFolder folder, SampleAuthorityOptions options, DateTimeOffset now)
{
    // Authorities are older than what they issue, so that an expired sample once had a valid path.
    private static readonly TimeSpan Age = TimeSpan.FromDays(2 * 365);

    private static readonly Lock MakingForeign = new();

    private readonly DateTimeOffset _from = ProfileCertificate.Whole(now - Age);
    private readonly DateTimeOffset _until = ProfileCertificate.Whole(now + options.AuthorityValidity);

    public void Found()
    {
        var keys = CreateKeys();
        var rootCertificate = new CertificateIssue(RootSubject("VBDT SAMPLE ROOT — KHÔNG TIN CẬY"), keys["root"])
            .Authority(pathLength: null).SelfSigned(keys["root"], _from, _until);
        var root = Keep(SampleAuthority.RootName, rootCertificate, keys["root"]);
        var officials = Below(root, SampleAuthority.OfficialsName, "VBDT SAMPLE CA Công vụ (cán bộ, cơ quan)", keys["officials"]);
        var nodes = Below(root, SampleAuthority.NodesName, "VBDT SAMPLE CA Nút trục liên thông", keys["nodes"]);
        foreach (var authority in new[] { root, officials, nodes })
            Responder(authority, keys["ocsp-" + authority.Name]);
        TimestampAuthority(officials, keys["tsa"]);

        folder.WritePem(Path.Combine(folder.Trust, "root.pem"), rootCertificate);
        folder.WritePem(Path.Combine(folder.Intermediates, "officials.pem"), officials.Certificate);
        folder.WritePem(Path.Combine(folder.Intermediates, "nodes.pem"), nodes.Certificate);
    }

    /// <summary>A root that nobody was told to trust, made when the first foreign key is asked for.</summary>
    public static SampleCa Foreign(AuthorityFolder folder, DateTimeOffset now)
    {
        lock (MakingForeign)
        {
            try
            {
                var (kept, keptKey) = folder.ReadAuthority("foreign");
                return new SampleCa("foreign", kept, keptKey);
            }
            catch (IOException)
            {
                var key = SampleKeys.Create(SampleKeyType.P256);
                var certificate = new CertificateIssue(RootSubject("VBDT SAMPLE FOREIGN ROOT — KHÔNG TIN CẬY"), key)
                    .Authority(pathLength: null)
                    .SelfSigned(key, ProfileCertificate.Whole(now - Age), ProfileCertificate.Whole(now + TimeSpan.FromDays(3650)));
                folder.WriteAuthority("foreign", certificate, key);
                folder.WritePem(Path.Combine(folder.Variants, "foreign-root.pem"), certificate);
                return new SampleCa("foreign", certificate, key);
            }
        }
    }

    // RSA keys take most of the time: all of them at once, on every core.
    private Dictionary<string, AsymmetricAlgorithm> CreateKeys()
    {
        var wanted = new (string Name, SampleKeyType Type)[]
        {
            ("root", options.AuthorityKey), ("officials", options.AuthorityKey), ("nodes", options.AuthorityKey), ("tsa", options.AuthorityKey),
            ("ocsp-root", SampleKeyType.P256), ("ocsp-officials", SampleKeyType.P256), ("ocsp-nodes", SampleKeyType.P256),
        };
        var keys = new AsymmetricAlgorithm[wanted.Length];
        Parallel.For(0, wanted.Length, i => keys[i] = SampleKeys.Create(wanted[i].Type));
        return wanted.Zip(keys).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal);
    }

    private SampleCa Below(SampleCa root, string name, string commonName, AsymmetricAlgorithm key) =>
        Keep(name, new CertificateIssue(RootSubject(commonName), key)
            .Authority(pathLength: 0).Pointers(options.BaseUrl.TrimEnd('/'), root.Name).IssuedBy(root, _from, _until), key);

    private void Responder(SampleCa authority, AsymmetricAlgorithm key) =>
        Keep("ocsp-" + authority.Name, new CertificateIssue(RootSubject($"VBDT SAMPLE OCSP {authority.Name}"), key)
            .EndEntity().Usage(X509KeyUsageFlags.DigitalSignature).Purposes(critical: false, CertificateOids.OcspSigning).NoCheck()
            .IssuedBy(authority, _from, _until), key);

    private void TimestampAuthority(SampleCa issuer, AsymmetricAlgorithm key) =>
        Keep("tsa", new CertificateIssue(RootSubject("VBDT SAMPLE TSA"), key)
            .EndEntity().Usage(X509KeyUsageFlags.DigitalSignature).Purposes(critical: true, CertificateOids.TimeStamping)
            .Pointers(options.BaseUrl.TrimEnd('/'), issuer.Name).IssuedBy(issuer, _from, _until), key);

    private SampleCa Keep(string name, Certificate certificate, AsymmetricAlgorithm key)
    {
        folder.WriteAuthority(name, certificate, key);
        folder.RememberIssued(certificate);
        return new SampleCa(name, certificate, key);
    }

    private static X500DistinguishedName RootSubject(string commonName) => CertificateIssue.Name(
        (CertificateOids.Organization, "VanBanDienTu (chứng thư mẫu)"), (CertificateOids.CommonName, commonName));
}
