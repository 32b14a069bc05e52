using System.Security.Cryptography;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Csc;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Keys at a remote signing service: a real one over HTTP, with pdfsig as a second opinion.</summary>
public sealed class CscKeyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rsa2048", "explicit", "SHA256", false)]
    [InlineData("rsa2048", "implicit", "SHA512", true)]
    [InlineData("p256", "oauth2code", "SHA256", false)]
    [InlineData("p384", "explicit", "SHA384", false)]
    public async Task A_sample_signed_by_the_service_is_valid_for_pdfsig(string type, string mode, string digest, bool pss)
    {
        await using var server = await ServerAsync(type);
        (server.Mode, server.SideBySide) = (mode, type == "p384");
        using var key = OpenedKey.Open("csc:" + server.WriteConfig(folder), "");
        Assert.Equal("Intermediate of tests", Assert.Single(key.Key.Chain).CommonName);
        var request = new SignatureRequest { Digest = new HashAlgorithmName(digest), Padding = pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1 };
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, folder["1.pdf"], key.Key, request, Ct);
        Assert.Contains("Signature Validation: Signature is Valid.", ExternalTool.Run("pdfsig", "-nocert", folder["1.pdf"]).Output, StringComparison.Ordinal);
        Assert.Equal(mode == "oauth2code" ? ["credentials/info", "signatures/signHash"] : ["credentials/info", "credentials/authorize", "signatures/signHash"], server.Requests);
    }

    [Theory]
    [InlineData(CscLie.WrongValue, SigningFault.ValueDoesNotVerify, "does not verify")]
    [InlineData(CscLie.AnotherHash, SigningFault.ValueDoesNotVerify, "does not verify")]
    [InlineData(CscLie.ServerError, SigningFault.KeyFailed, "HTTP 500")]
    [InlineData(CscLie.Silent, SigningFault.KeyFailed, "did not answer within 3 s")]
    [InlineData(CscLie.Garbage, SigningFault.KeyFailed, "cannot be read")]
    [InlineData(CscLie.Empty, SigningFault.KeyFailed, "holds no signature")]
    [InlineData(CscLie.Endless, SigningFault.KeyFailed, "could not be reached")]
    [InlineData(CscLie.EchoesSecrets, SigningFault.KeyFailed, "•••")]
    public async Task What_a_service_does_wrong_is_named_leaves_no_file_and_passes_when_it_is_well_again(CscLie lie, SigningFault fault, string word)
    {
        await using var server = await ServerAsync("p256");
        using var key = OpenedKey.Open("csc:" + server.WriteConfig(folder, timeout: lie == CscLie.Silent ? "00:00:03" : "00:01:00"), "");
        server.Lie = lie;
        var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(key));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.Contains(CscServer.Credential, refused.Message, StringComparison.Ordinal);
        foreach (var secret in new[] { CscServer.Pin, server.Token })
            Assert.DoesNotContain(secret, refused + refused.Vietnamese, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.pdf*"));
        server.Lie = CscLie.None;
        await SignAsync(key);
    }

    [Fact]
    public async Task A_pin_that_was_refused_once_is_never_sent_again()
    {
        await using var server = await ServerAsync("p256");
        using var key = OpenedKey.Open("csc:" + server.WriteConfig(folder, pin: "11112222"), "");
        for (var i = 0; i < 3; i++)
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(key));
            Assert.Equal(SigningFault.WrongPin, refused.Fault);
            Assert.DoesNotContain("11112222", refused + refused.Vietnamese, StringComparison.Ordinal);
        }
        Assert.Single(server.Requests, r => r == "credentials/authorize");
    }

    [Fact]
    public async Task A_token_that_ran_out_is_fetched_anew_by_the_client_credentials()
    {
        await using var server = await ServerAsync("p256");
        using var key = OpenedKey.Open("csc:" + server.WriteConfig(folder, oauth: true), "");
        await SignAsync(key);
        server.Renew();
        await SignAsync(key);
        Assert.Equal(2, server.Requests.Count(r => r == "oauth2/token"));
    }

    [Fact]
    public async Task An_algorithm_that_the_credential_does_not_offer_is_refused_before_anything_is_asked()
    {
        await using var server = await ServerAsync("rsa2048");
        server.Algorithms = ["1.2.840.113549.1.1.1"]; // rsaEncryption with the hash beside it: PKCS#1 only
        using var key = OpenedKey.Open("csc:" + server.WriteConfig(folder), "");
        await SignAsync(key);
        var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(key, new SignatureRequest { Padding = SignaturePadding.Pss }));
        Assert.Equal(SigningFault.KeyUnsupported, refused.Fault);
        Assert.Single(server.Requests, r => r == "signatures/signHash");
    }

    [Theory]
    [InlineData("{ \"service\": \"http://ky.example.vn/csc/v2\", \"credential\": \"a\", \"tokenFile\": \"t\" }", "https")]
    [InlineData("{ \"service\": \"https://ky.example.vn/csc/v2\", \"tokenFile\": \"t\" }", "credential is required")]
    [InlineData("{ \"service\": \"https://ky.example.vn/csc/v2\", \"credential\": \"a\" }", "one of tokenFile and tokenUrl")]
    [InlineData("{ \"service\": \"https://ky.example.vn/csc/v2\", \"credential\": \"a\", \"tokenFile\": \"t\", \"pin\": \"1\" }", "\"pin\" is not a key")]
    [InlineData("{", "not valid JSON")]
    [InlineData(null, "cannot be read")]
    public void A_file_that_cannot_be_right_is_named(string? text, string word)
    {
        if (text is not null)
            File.WriteAllText(folder["a.json"], text);
        var refused = Assert.Throws<SigningException>(() => OpenedKey.Open("csc:" + folder["a.json"], ""));
        Assert.Equal(SigningFault.KeyAddressInvalid, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_down_is_worth_a_retry()
    {
        File.WriteAllText(folder["t"], "x");
        File.WriteAllText(folder["a.json"], "{ \"service\": \"http://127.0.0.1:1/csc/v2\", \"credential\": \"a\", \"tokenFile\": \"t\" }");
        var refused = Assert.Throws<SigningException>(() => OpenedKey.Open("csc:" + folder["a.json"], ""));
        Assert.True(LateKey.MayCome(refused));
        Assert.Contains("could not be reached", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static Task<CscServer> ServerAsync(string type) =>
        CscServer.StartAsync(TestKeys.LeafCertificate(type, usage: System.Security.Cryptography.X509Certificates.X509KeyUsageFlags.NonRepudiation), TestKeys.Rsa2048.Chain.Select(c => c.Der.ToArray()));

    private Task<SignedPdf> SignAsync(OpenedKey key, SignatureRequest? request = null) =>
        new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, folder["out.pdf"], key.Key, request ?? new SignatureRequest(), Ct);
}
