using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Pki;

/// <summary>What openssl and .NET think of our certificates, OCSP, CRLs and timestamps, and we of theirs.</summary>
public sealed class SecondOpinionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestPki _pki = null!;

    public async ValueTask InitializeAsync() => _pki = await TestPki.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _pki.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Openssl_verifies_the_path_with_all_CRLs_and_sees_the_revocation()
    {
        var good = Pem("good", _pki.Signer("good").Certificate);
        var revokedKey = _pki.Signer("revoked", p => p with { Revoked = true });
        var revoked = Pem("revoked", revokedKey.Certificate);
        foreach (var name in _pki.Authority.AuthorityNames)
            _folder.Write(name + ".crl", _pki.Authority.CurrentCrl(name)!);
        var crls = _folder["crls.pem"];
        foreach (var name in _pki.Authority.AuthorityNames)
            File.AppendAllText(crls, Openssl("crl", "-inform", "DER", "-in", _folder[name + ".crl"]).Output);

        string[] verify = ["verify", "-CAfile", Root, "-untrusted", Officials, "-crl_check_all", "-CRLfile", crls];
        var answer = Openssl([.. verify, good]);
        Assert.True(answer.ExitCode == 0, answer.Output);
        Assert.Contains("certificate revoked", Openssl([.. verify, revoked]).Output, StringComparison.Ordinal);
        Assert.Contains("verify OK", Openssl("crl", "-inform", "DER", "-in", _folder["officials.crl"], "-CAfile", Officials, "-noout").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Openssl_accepts_our_OCSP_answers()
    {
        var good = Pem("good", _pki.Signer("good").Certificate);
        var revoked = Pem("revoked", _pki.Signer("revoked", p => p with { Revoked = true }).Certificate);
        string[] ask = ["ocsp", "-issuer", Officials, "-url", _pki.Authority.OcspUrl, "-CAfile", Root, "-VAfile", Officials, "-verify_other", Officials];
        var first = Openssl([.. ask, "-cert", good]);
        Assert.Contains("Response verify OK", first.Output, StringComparison.Ordinal);
        Assert.Contains(": good", first.Output, StringComparison.Ordinal);
        var second = Openssl(["ocsp", "-issuer", Officials, "-sha256", "-url", _pki.Authority.OcspUrl, "-CAfile", Root, "-verify_other", Officials, "-cert", revoked]);
        Assert.Contains(": revoked", second.Output, StringComparison.Ordinal);
        Assert.Contains("keyCompromise", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_verifies_our_timestamps_and_we_answer_its_requests()
    {
        var data = _folder.Write("data", "Công văn số 1"u8);
        Assert.Equal(0, Openssl("ts", "-query", "-data", data, "-sha384", "-cert", "-out", _folder["q"]).ExitCode);
        using var http = new HttpClient();
        var response = await http.PostAsync(_pki.Authority.TsaUrl, new ByteArrayContent(File.ReadAllBytes(_folder["q"])));
        _folder.Write("r", await response.Content.ReadAsByteArrayAsync());
        var answer = Openssl("ts", "-verify", "-queryfile", _folder["q"], "-in", _folder["r"], "-CAfile", Root, "-untrusted", Officials);
        Assert.Contains("Verification: OK", answer.Output, StringComparison.Ordinal);

        _folder.Write("other", "Công văn số 2"u8);
        Assert.Contains("FAILED", Openssl("ts", "-verify", "-data", _folder["other"], "-in", _folder["r"], "-CAfile", Root, "-untrusted", Officials).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void We_verify_timestamps_that_openssl_made()
    {
        var tsa = _pki.Authority.TimestampCertificate;
        _folder.Write("ts.cnf", """
            [tsa]
            default_tsa = one
            [one]
            serial = SERIAL
            default_policy = 1.2.3.4
            digests = sha256, sha384
            signer_digest = sha256
            ess_cert_id_alg = sha256
            """u8);
        File.WriteAllText(_folder["ts.cnf"], File.ReadAllText(_folder["ts.cnf"]).Replace("SERIAL", _folder["serial"], StringComparison.Ordinal));
        var data = _folder.Write("data", "Công văn số 1"u8);
        Openssl("ts", "-query", "-data", data, "-sha256", "-cert", "-out", _folder["q"]);
        var made = Openssl("ts", "-reply", "-config", _folder["ts.cnf"], "-queryfile", _folder["q"], "-signer", Pem("tsa", tsa),
            "-inkey", Path.Combine(_pki.Folder, "authority", "tsa.key"), "-chain", Officials, "-out", _folder["r"]);
        Assert.True(made.ExitCode == 0, made.Output);
        var token = TimestampToken.Parse(TimestampResponse.Parse(File.ReadAllBytes(_folder["r"])).Token!.Value);
        var judged = token.Judge(oid => MessageHash.TryCompute(oid, File.ReadAllBytes(data), out var hash) ? hash : null, [], _pki.Trust);
        Assert.Equal(Integrity.Intact, judged.Integrity);
        Assert.True(judged.IsTrusted);
    }

    [Fact]
    public void Dotnet_and_openssl_agree_with_us_about_paths()
    {
        var stories = new (string Name, SampleProfile Profile)[]
        {
            ("good", SampleProfiles.Person("good")),
            ("expired", SampleProfiles.Person("expired") with { StartsIn = TimeSpan.FromDays(-100), ValidFor = TimeSpan.FromDays(90) }),
            ("future", SampleProfiles.Person("future") with { StartsIn = TimeSpan.FromDays(5) }),
            ("p384", SampleProfiles.Person("p384") with { Key = SampleKeyType.P384 }),
            ("foreign", SampleProfiles.Person("foreign") with { Key = SampleKeyType.P256, Foreign = true }),
        };
        foreach (var (name, profile) in stories)
        {
            var leaf = _pki.Authority.Issue(profile with { Key = profile.Key == SampleKeyType.P384 ? profile.Key : SampleKeyType.P256 }).Certificate;
            var ours = new PathValidator().Validate(leaf, _pki.Authority.Issuers, _pki.Trust, DateTimeOffset.UtcNow, PathPurpose.Signing).IsValid;
            Assert.Equal(ours, Openssl("verify", "-CAfile", Root, "-untrusted", Officials, Pem(name, leaf)).ExitCode == 0);
            Assert.Equal(ours, DotnetAccepts(leaf));
        }
    }

    [Fact]
    public void Openssl_opens_our_key_files_and_finds_them_modern()
    {
        var key = _pki.Signer("signer");
        var answer = Openssl("pkcs12", "-in", key.File, "-passin", "pass:" + _pki.Authority.Password, "-info", "-nokeys");
        Assert.True(answer.ExitCode == 0, answer.Output);
        Assert.Contains("MAC: sha256", answer.Output, StringComparison.Ordinal);
        Assert.Contains("PBES2, PBKDF2, AES-256-CBC", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("RC2", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_lines_server_answers_OCSP_by_GET_CRLs_certificates_and_refuses_a_taken_port()
    {
        // The test PKI listens on the very port that its certificates name.
        var taken = await Assert.ThrowsAsync<SigningException>(() => PkiServer.StartAsync(_pki.Authority));
        Assert.Contains("in use", taken.Message, StringComparison.Ordinal);

        var good = _pki.Signer("good").Certificate;
        await _pki.StopServingAsync();
        await using var server = await PkiServer.StartAsync(_pki.Authority);
        using var http = new HttpClient();
        Openssl("ocsp", "-issuer", Officials, "-cert", Pem("good", good), "-reqout", _folder["req"], "-no_nonce");
        var path = Uri.EscapeDataString(Convert.ToBase64String(File.ReadAllBytes(_folder["req"])));
        _folder.Write("resp", await http.GetByteArrayAsync($"{server.OcspUri}/{path}"));
        var answer = Openssl("ocsp", "-respin", _folder["resp"], "-issuer", Officials, "-cert", Pem("good", good), "-CAfile", Root, "-verify_other", Officials);
        Assert.Contains(": good", answer.Output, StringComparison.Ordinal);

        _folder.Write("crl", await http.GetByteArrayAsync(server.CrlUri));
        Assert.Contains("verify OK", Openssl("crl", "-inform", "DER", "-in", _folder["crl"], "-CAfile", Officials, "-noout").Output, StringComparison.Ordinal);
        Assert.Equal(_pki.Authority.Issuers[0].Der.ToArray(), await http.GetByteArrayAsync(good.CaIssuerUrls[0]));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(_pki.Authority.BaseUrl + "/crl/khac.crl")).StatusCode);
    }

    private string Root => Path.Combine(_pki.Authority.TrustFolder, "root.pem");

    private string Officials => Path.Combine(_pki.Folder, "intermediates", "officials.pem");

    private string Pem(string name, Certificate certificate) =>
        _folder.Write(name + ".pem", System.Text.Encoding.ASCII.GetBytes(certificate.ToPem()));

    private bool DotnetAccepts(Certificate leaf)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(_pki.Authority.Root.ToX509());
        foreach (var issuer in _pki.Authority.Issuers)
            chain.ChainPolicy.ExtraStore.Add(issuer.ToX509());
        using var certificate = leaf.ToX509();
        return chain.Build(certificate);
    }

    private static ToolAnswer Openssl(params string[] arguments) => ExternalTool.Run("openssl", arguments);
}
