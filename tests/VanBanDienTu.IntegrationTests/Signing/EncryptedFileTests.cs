using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Remote;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Encrypted documents: read, signed and verified under their password, and judged by qpdf, pdfsig and mutool.</summary>
public sealed class EncryptedFileTests : IDisposable
{
    private static readonly PdfPassword User = new(EncryptedForms.User);
    private static readonly PdfPassword Owner = new(EncryptedForms.Owner);

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, bool> Forms
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var (form, i) in EncryptedForms.All.Keys.Select((f, i) => (f, i)))
                data.Add(form, i % 2 == 0);
            return data;
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Two_signatures_on_an_encrypted_file_are_valid_to_all_and_the_file_stays_encrypted(string form, bool objectStreams)
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["in.pdf"], form, more: objectStreams ? "--object-streams=generate" : "--object-streams=disable");
        var once = await SignAsync(input, "1.pdf", new SignatureRequest { Password = User, Rect = new PdfRectangle(60, 60, 260, 120), Reason = "Ban hành văn bản" });
        var twice = await SignAsync(once, "2.pdf", new SignatureRequest { Password = Owner, Role = SignatureRole.Organization });

        var poppler = ExternalTool.Run("pdfsig", "-nocert", "-upw", EncryptedForms.User, twice).Output;
        Assert.Equal(2, poppler.Split("Signature is Valid.").Length - 1);
        var mupdf = ExternalTool.Run("mutool", "sign", "-v", "-p", EncryptedForms.User, twice).Output;
        Assert.Contains("The document is unchanged since signing", mupdf, StringComparison.Ordinal);
        var sound = ExternalTool.Run("qpdf", "--check", "--password=" + EncryptedForms.User, twice);
        Assert.True(sound.ExitCode == 0, sound.Output);

        // The words of the signature dictionary are encrypted for who has no password, and plain to qpdf, which has it.
        var ours = (await File.ReadAllBytesAsync(once, Ct)).AsSpan((int)new FileInfo(input).Length);
        Assert.True(ours.IndexOf("Nguy"u8) < 0 && ours.IndexOf("/CIDFontType2"u8) >= 0 && ours.IndexOf(" Tj T*"u8) < 0);
        var plain = ExternalTool.Run("qpdf", "--decrypt", "--qdf", "--password=" + EncryptedForms.User, once, "-").Output;
        Assert.Contains(" Tj T*", plain, StringComparison.Ordinal);
        using var file = PdfFile.Open(twice, password: User);
        Assert.Equal("Ban hành văn bản", file.SignatureFields[0].Signature!.Reason);
        Assert.Empty(file.Findings);

        var verdict = await VerifyAsync(twice, User);
        Assert.Equal([(Integrity.Intact, LaterChange.Permitted), (Integrity.Intact, LaterChange.None)], verdict.Signatures.Select(s => (s.Integrity, s.LaterChanges)));
    }

    [Theory]
    [InlineData("rc4-40")]
    [InlineData("aes-128")]
    [InlineData("aes-256")]
    public async Task Without_its_password_a_file_is_unreadable_because_it_is_encrypted_and_a_wrong_one_is_called_wrong(string form)
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["in.pdf"], form);
        var none = await VerifyAsync(input, null);
        Assert.Equal((FileOutcome.Unreadable, "encrypted"), (none.Verdict, none.Findings.Single().Code));
        Assert.Contains("cần mật khẩu", none.Findings[0].Text.Vi, StringComparison.Ordinal);
        var wrong = await VerifyAsync(input, new PdfPassword("không phải"));
        Assert.Equal((FileOutcome.Unreadable, "encrypted"), (wrong.Verdict, wrong.Findings.Single().Code));
        Assert.Contains("does not open", wrong.Findings[0].Text.En, StringComparison.Ordinal);
        Assert.Equal(SigningFault.PdfEncrypted, (await Assert.ThrowsAsync<SigningException>(() => SignAsync(input, "out.pdf", new SignatureRequest()))).Fault);
        Assert.Equal(FileOutcome.NoSignature, (await VerifyAsync(input, Owner)).Verdict);
    }

    [Fact]
    public async Task A_file_that_anyone_may_open_needs_no_password_and_a_Vietnamese_one_opens_too()
    {
        var open = EncryptedForms.Encrypt(Samples.CongVan, folder["open.pdf"], "aes-256", user: "");
        await SignAsync(open, "signed.pdf", new SignatureRequest());
        Assert.Equal(Integrity.Intact, (await VerifyAsync(folder["signed.pdf"], null)).Signatures.Single().Integrity);
        var named = EncryptedForms.Encrypt(Samples.CongVan, folder["named.pdf"], "aes-256", user: "mật khẩu của văn thư");
        Assert.Equal(FileOutcome.NoSignature, (await VerifyAsync(named, new PdfPassword("mật khẩu của văn thư"))).Verdict);
    }

    [Fact]
    public async Task What_the_owner_forbids_the_owner_alone_can_sign()
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["plain.pdf"], "aes-256");
        var sealedTo = folder["in.pdf"];
        Assert.Equal(0, ExternalTool.Run("qpdf", "--encrypt", EncryptedForms.User, EncryptedForms.Owner, "256", "--modify=none", "--", "--password=" + EncryptedForms.Owner, input, sealedTo).ExitCode);
        var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(sealedTo, "out.pdf", new SignatureRequest { Password = User }));
        Assert.Equal(SigningFault.PdfForbidsSigning, refused.Fault);
        Assert.Contains("mật khẩu của chủ tệp", refused.Vietnamese, StringComparison.Ordinal);
        await SignAsync(sealedTo, "out.pdf", new SignatureRequest { Password = Owner });
    }

    [Fact]
    public async Task A_change_after_the_signature_is_seen_through_the_encryption()
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["in.pdf"], "aes-256");
        var signed = await SignAsync(input, "signed.pdf", new SignatureRequest { Password = User });
        using (var file = PdfFile.Open(signed, password: User))
        {
            var writer = new PdfIncrementalWriter(file);
            var page = file.At(file.Newest).Pages[1]!;
            writer.Replace(page.Ref!.Value, page.Dictionary.With("Contents", new PdfReference(writer.Add(new PdfStream(PdfDictionary.Empty, "BT ET"u8.ToArray())))));
            using var output = File.Create(folder["changed.pdf"]);
            writer.WriteTo(output);
        }
        Assert.Equal(LaterChange.Suspicious, (await VerifyAsync(folder["changed.pdf"], User)).Signatures.Single().LaterChanges);
    }

    [Fact]
    public async Task An_update_that_drops_the_encryption_is_not_read_in_two_ways()
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["in.pdf"], "rc4-128", more: "--object-streams=disable");
        var signed = await SignAsync(input, "signed.pdf", new SignatureRequest { Password = User });
        var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(signed, Ct));
        var at = text.LastIndexOf("/Encrypt", StringComparison.Ordinal);
        var bent = folder.Write("bent.pdf", System.Text.Encoding.Latin1.GetBytes(text[..at] + "/Xncrypt" + text[(at + 8)..]));
        Assert.Equal("encrypted", (await VerifyAsync(bent, User)).Findings.Single().Code);
    }

    [Fact]
    public async Task In_two_steps_the_hash_stays_the_same_and_the_state_holds_no_password()
    {
        var input = EncryptedForms.Encrypt(Samples.CongVan, folder["in.pdf"], "aes-256");
        using var key = TestKeys.Leaf("p256");
        var remote = new RemoteSigner(new PdfSigner(TimeProvider.System), TimeProvider.System);
        var request = new SignatureRequest { Password = User, Rect = new PdfRectangle(60, 60, 260, 120), Reason = "Ký từ xa" };
        var state = await remote.PrepareSignatureAsync(input, key.Certificate, key.Chain, request, Ct);
        await state.SaveAsync(folder["state"], Ct);
        Assert.DoesNotContain(EncryptedForms.User, await File.ReadAllTextAsync(folder["state"], Ct), StringComparison.Ordinal);
        var value = await key.SignHashAsync(Convert.FromHexString(state.SignedAttributesHash), new("SHA256"), SignaturePadding.Pkcs1, Ct);
        await remote.CompleteSignatureAsync(PendingSignature.Load(folder["state"]) with { Password = User }, value, folder["out.pdf"], Ct);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", "-upw", EncryptedForms.User, folder["out.pdf"]).Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> SignAsync(string input, string output, SignatureRequest request)
    {
        await new PdfSigner(TimeProvider.System).SignAsync(input, folder[output], TestKeys.P256, request, Ct);
        return folder[output];
    }

    private static Task<FileVerdict> VerifyAsync(string file, PdfPassword? password) =>
        new PdfVerifier(VanBanDienTu.Signing.Trust.TrustSnapshot.Empty, null, TimeProvider.System, new VerifierOptions { Password = password }).VerifyAsync(file, cancellation: Ct);
}
