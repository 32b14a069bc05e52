using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Remote;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>A key that came without its issuers, as many tokens do: they are fetched from where the certificate says, if that host was allowed.</summary>
public sealed class MissingIssuersTests : LevelRig
{
    [Theory]
    [InlineData(IssuerFormat.Der)]
    [InlineData(IssuerFormat.Pem)]
    [InlineData(IssuerFormat.Bundle)]
    public async Task The_missing_issuer_is_fetched_and_embedded_at_every_level(IssuerFormat format)
    {
        Pki.IssuerFormat = format;
        var signer = new PdfSigner(Pki.Time, Asking(), Pki.Trust, Timestamps());
        using var bare = Bare();
        await signer.SignAsync(Samples.CongVan, Folder["bb.pdf"], bare, new SignatureRequest(), Ct);
        await signer.SignAsync(Samples.CongVan, Folder["lta.pdf"], bare, new SignatureRequest { Level = BaselineLevel.Archived }, Ct);
        Assert.Single(Pki.Requests, r => r == "/ca/officials.cer"); // once per key, whatever is signed with it
        var offline = await OfflineAsync(Folder["lta.pdf"]);
        Assert.Equal(("B-LTA", Indication.TotalPassed), (offline.Signatures[0].Level, offline.Signatures[0].Indication));
        // The root alone is enough for a reader of the B-B file: the issuer is inside.
        var plain = await OfflineAsync(Folder["bb.pdf"]);
        Assert.Equal(3, plain.Signatures[0].Chain.Count);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", Folder["bb.pdf"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_was_not_allowed_by_name_is_not_asked_and_the_refusal_says_which_one_to_allow()
    {
        using var bare = Bare();
        foreach (var options in new[] { new RevocationOptions(), new RevocationOptions { AllowedHosts = new HashSet<string>(StringComparer.Ordinal) { "ca.gov.vn" } } })
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() => new PdfSigner(Pki.Time, Pki.Checker(options), Pki.Trust, Timestamps())
                .SignAsync(Samples.CongVan, Folder["x.pdf"], bare, new SignatureRequest { Level = BaselineLevel.LongTerm }, Ct));
            Assert.Equal(SigningFault.ValidationDataUnavailable, refused.Fault);
            Assert.Contains($"{Pki.Authority.BaseUrl}/ca/officials.cer", refused.Message, StringComparison.Ordinal);
            Assert.Contains("--revocation-host", refused.Vietnamese, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("/ca/officials.cer", Pki.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
    }

    [Theory]
    [InlineData(PkiLie.Garbage, IssuerFormat.Der)]
    [InlineData(PkiLie.Endless, IssuerFormat.Der)]
    [InlineData(PkiLie.ServerError, IssuerFormat.Der)]
    [InlineData(PkiLie.None, IssuerFormat.Another)]
    public async Task What_is_not_the_issuer_helps_nobody_and_is_asked_for_once(PkiLie lie, IssuerFormat format)
    {
        (Pki.IssuerLie, Pki.IssuerFormat) = (lie, format);
        var file = await BareFileAsync();
        var verdict = await new PdfVerifier(Pki.Trust, Asking(), Pki.Time).VerifyAsync(file, cancellation: Ct);
        Assert.Equal((Indication.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND"), (verdict.Signatures[0].Indication, verdict.Signatures[0].SubIndication));
        Assert.Single(Pki.Requests, r => r == "/ca/officials.cer");
    }

    [Fact]
    public async Task A_verifier_fetches_it_too_when_it_may()
    {
        var file = await BareFileAsync();
        Assert.Equal("NO_CERTIFICATE_CHAIN_FOUND", (await new PdfVerifier(Pki.Trust, Pki.Checker(), Pki.Time).VerifyAsync(file, cancellation: Ct)).Signatures[0].SubIndication);
        var online = await new PdfVerifier(Pki.Trust, Asking(), Pki.Time).VerifyAsync(file, cancellation: Ct);
        Assert.Equal(Indication.TotalPassed, online.Signatures[0].Indication);
        // And it can be raised: then the issuer is in the file.
        var extender = new PdfExtender(Pki.Time, Pki.Trust, Asking(), Timestamps());
        await extender.ExtendAsync(file, Folder["raised.pdf"], BaselineLevel.LongTerm, Ct);
        Assert.Equal(("B-LT", Indication.TotalPassed), ((await OfflineAsync(Folder["raised.pdf"])).Signatures[0].Level, (await OfflineAsync(Folder["raised.pdf"])).Signatures[0].Indication));
    }

    [Fact]
    public async Task What_was_fetched_for_the_first_of_two_steps_is_not_needed_again_for_the_second()
    {
        using var bare = Bare();
        var prepared = await new RemoteSigner(new PdfSigner(Pki.Time, Asking(), Pki.Trust), Pki.Time).PrepareSignatureAsync(Samples.CongVan, bare.Certificate, [], new SignatureRequest(), Ct);
        Pki.IssuerLie = PkiLie.ServerError;
        var value = await bare.SignHashAsync(Convert.FromHexString(prepared.SignedAttributesHash), System.Security.Cryptography.HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, Ct);
        await new RemoteSigner(new PdfSigner(Pki.Time, Asking(), Pki.Trust), Pki.Time).CompleteSignatureAsync(prepared, value, Folder["two.pdf"], Ct);
        Assert.Equal(3, (await OfflineAsync(Folder["two.pdf"])).Signatures[0].Chain.Count);
    }

    private RevocationChecker Asking() => Pki.Checker(new RevocationOptions { AllowedHosts = new HashSet<string>(StringComparer.Ordinal) { "127.0.0.1" }, Timeout = TimeSpan.FromSeconds(2) });

    // The same key and certificate, in a file without the issuers.
    private Pkcs12Key Bare()
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(Person.File, Pki.Authority.Password, X509KeyStorageFlags.Exportable);
        return Pkcs12Key.Load(all.First(c => c.HasPrivateKey).Export(X509ContentType.Pkcs12, "x")!, "x", "bare.p12");
    }

    private async Task<string> BareFileAsync()
    {
        using var bare = Bare();
        await new PdfSigner(Pki.Time).SignAsync(Samples.CongVan, Folder["bare.pdf"], bare, new SignatureRequest(), Ct);
        return Folder["bare.pdf"];
    }
}
