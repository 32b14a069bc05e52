using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>A timestamp authority that is not ours (openssl ts) and no sample: its tokens are read, and a private address is the exception to be allowed.</summary>
public sealed class ForeignAuthorityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TrustSnapshot _trust = TrustSnapshot.Of([Certificate.Parse(TestKeys.Root.RawData)], allowSample: false);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_of_openssl_is_accepted_from_a_public_address_and_from_an_allowed_private_one()
    {
        var request = TimestampRequest.For(MessageHash.Sha256, SHA256.HashData("nội dung"u8));
        var reply = OpensslReply(request.Encode());
        var now = DateTimeOffset.UtcNow;
        TimestampOptions options = new() { Authorities = [new Uri("http://tsa.example/")] };

        Assert.NotNull(new TimestampCheck(options, _trust).Judge(new Uri("http://tsa.example/"), request, reply, now, now).Token);
        foreach (var address in new[] { "http://127.0.0.1/", "http://10.1.2.3/", "http://localhost/", "http://[::1]/" })
        {
            var (none, why) = new TimestampCheck(options, _trust).Judge(new Uri(address), request, reply, now, now);
            Assert.Null(none);
            Assert.Contains("sample authorities only", why!.En, StringComparison.Ordinal);
        }
        var allowed = options with { PrivateHosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "10.1.2.3" } };
        Assert.NotNull(new TimestampCheck(allowed, _trust).Judge(new Uri("http://10.1.2.3/"), request, reply, now, now).Token);
        Assert.Null(new TimestampCheck(options, TrustSnapshot.Of([], allowSample: false)).Judge(new Uri("http://tsa.example/"), request with { Nonce = new byte[] { 1 } }, reply, now, now).Token);
    }

    private byte[] OpensslReply(byte[] query)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=TSA of openssl", key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        asked.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], critical: true));
        using var certificate = asked.Create(TestKeys.Root, new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), [0x11, 0x22]);
        File.WriteAllText(_folder["tsa.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["tsa.key"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["serial"], "01\n");
        File.WriteAllText(_folder["ts.cnf"], $"""
            [tsa]
            default_tsa = one
            [one]
            serial = {_folder["serial"]}
            signer_digest = sha256
            default_policy = 1.3.6.1.4.1.99999.1
            digests = sha256
            ess_cert_id_alg = sha256
            """);
        _folder.Write("query", query);
        var answer = ExternalTool.Run("openssl", "ts", "-reply", "-config", _folder["ts.cnf"], "-queryfile", _folder["query"], "-signer", _folder["tsa.pem"], "-inkey", _folder["tsa.key"], "-out", _folder["reply"]);
        Assert.True(answer.ExitCode == 0, answer.Output);
        return File.ReadAllBytes(_folder["reply"]);
    }
}
