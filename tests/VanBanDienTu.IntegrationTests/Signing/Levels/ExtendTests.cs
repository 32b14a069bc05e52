using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

public sealed class ExtendTests : LevelRig
{
    [Theory]
    [InlineData(BaselineLevel.Basic, BaselineLevel.Timestamped)]
    [InlineData(BaselineLevel.Basic, BaselineLevel.LongTerm)]
    [InlineData(BaselineLevel.Basic, BaselineLevel.Archived)]
    [InlineData(BaselineLevel.Timestamped, BaselineLevel.LongTerm)]
    [InlineData(BaselineLevel.Timestamped, BaselineLevel.Archived)]
    [InlineData(BaselineLevel.LongTerm, BaselineLevel.Archived)]
    [InlineData(BaselineLevel.Archived, BaselineLevel.Archived)]
    public async Task A_file_is_raised_from_any_level_to_any_higher_one_and_an_archive_is_renewed(BaselineLevel from, BaselineLevel to)
    {
        var signed = await SignAsync(from);
        var done = await Extender().ExtendAsync(signed, Folder["raised.pdf"], to, Ct);
        var (before, after) = (await File.ReadAllBytesAsync(signed, Ct), await File.ReadAllBytesAsync(done.Path, Ct));
        Assert.True(after.AsSpan().StartsWith(before));
        Assert.Equal((after.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(after))), ((int)done.Size, done.Sha256));
        var verdict = await OfflineAsync(done.Path);
        Assert.Equal((to.Name(), LaterChange.Permitted), (verdict.Signatures[0].Level, verdict.Signatures[0].LaterChanges));
        if (to >= BaselineLevel.LongTerm)
            Assert.Equal(Indication.TotalPassed, verdict.Signatures[0].Indication);
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", done.Path).ExitCode);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", done.Path).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewing_adds_a_timestamp_and_nothing_twice()
    {
        var file = await SignAsync(BaselineLevel.Archived);
        for (var i = 1; i <= 3; i++)
        {
            var done = await Extender().ExtendAsync(file, Folder[$"{i}.pdf"], BaselineLevel.Archived, Ct);
            Assert.Equal(i + 1, done.Timestamps);
            file = done.Path;
        }
        using var opened = PdfFile.Open(file);
        var view = opened.At(opened.Newest);
        var store = (PdfDictionary)view.Get(view.Catalog, "DSS");
        foreach (var key in new[] { "Certs", "OCSPs" })
        {
            var items = ((PdfArray)view.Get(store, key)).Items.Select(i => Convert.ToHexString(view.Decode((PdfStream)view.Resolve(i)))).ToList();
            Assert.Equal(items.Distinct().Count(), items.Count);
        }
    }

    [Fact]
    public async Task An_encrypted_file_is_raised_under_its_password_and_refused_without_it()
    {
        var password = new PdfPassword(EncryptedForms.User);
        var input = EncryptedForms.Encrypt(Samples.CongVan, Folder["secret.pdf"], "aes-256");
        await Signer().SignAsync(input, Folder["signed.pdf"], Key, new SignatureRequest { Password = password }, Ct);
        var refused = await Assert.ThrowsAsync<SigningException>(() => Extender().ExtendAsync(Folder["signed.pdf"], Folder["raised.pdf"], BaselineLevel.Archived, Ct));
        Assert.Contains("cần mật khẩu", refused.Vietnamese, StringComparison.Ordinal);
        var done = await new PdfExtender(Pki.Time, Pki.Trust, Checker(), Timestamps(), password).ExtendAsync(Folder["signed.pdf"], Folder["raised.pdf"], BaselineLevel.Archived, Ct);
        var verdict = await new PdfVerifier(Pki.Trust, null, Pki.Time, new VerifierOptions { Password = password }).VerifyAsync(done.Path, cancellation: Ct);
        Assert.Equal((FileOutcome.TotalPassed, "B-LTA"), (verdict.Verdict, verdict.Signatures[0].Level));
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", "--password=" + EncryptedForms.User, done.Path).ExitCode);
    }

    [Fact]
    public async Task Every_signature_of_a_file_is_raised()
    {
        var once = await SignAsync(BaselineLevel.Timestamped, name: "1.pdf");
        using var other = Pki.Open(Pki.Signer("other"));
        var twice = await SignAsync(BaselineLevel.Basic, once, "2.pdf", other);
        var done = await Extender().ExtendAsync(twice, Folder["3.pdf"], BaselineLevel.Archived, Ct);
        Assert.Equal(2, done.Signatures);
        var signatures = (await OfflineAsync(done.Path)).Signatures.Where(s => s.Kind == SignatureKind.Signature);
        Assert.All(signatures, s => Assert.Equal(("B-LTA", Indication.TotalPassed), (s.Level, s.Indication)));
    }

    [Fact]
    public async Task A_missing_revocation_answer_or_timestamp_stops_it_and_leaves_nothing()
    {
        var signed = await SignAsync(BaselineLevel.Timestamped);
        (Pki.OcspLie, Pki.CrlLie) = (PkiLie.ServerError, PkiLie.ServerError);
        Assert.Equal(SigningFault.ValidationDataUnavailable, (await RefusedAsync(signed, BaselineLevel.LongTerm)).Fault);
        (Pki.OcspLie, Pki.CrlLie, Pki.TimestampLie) = (PkiLie.None, PkiLie.None, PkiLie.WrongImprint);
        Assert.Equal(SigningFault.TimestampUnavailable, (await RefusedAsync(signed, BaselineLevel.Archived)).Fault);
    }

    [Fact]
    public async Task What_need_not_or_cannot_be_raised_is_refused_with_the_reason()
    {
        var signed = await SignAsync(BaselineLevel.LongTerm);
        Assert.Contains("B-LT already", (await RefusedAsync(signed, BaselineLevel.LongTerm)).Message, StringComparison.Ordinal);
        Assert.Contains("B-LT already", (await RefusedAsync(signed, BaselineLevel.Timestamped)).Message, StringComparison.Ordinal);
        Assert.Contains("no signature", (await RefusedAsync(Samples.CongVan, BaselineLevel.Timestamped)).Message, StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync(signed, Ct);
        bytes[2000] ^= 1;
        Assert.Contains("not intact", (await RefusedAsync(Folder.Write("broken.pdf", bytes), BaselineLevel.Archived)).Message, StringComparison.Ordinal);
        Assert.Equal(SigningFault.PdfUnreadable, (await RefusedAsync(Folder.Write("junk.pdf", "không phải PDF"u8), BaselineLevel.Archived)).Fault);
    }

    [Fact]
    public async Task A_signer_revoked_after_the_proof_of_time_is_still_archived_and_one_revoked_before_is_not()
    {
        var proven = await SignAsync(BaselineLevel.Timestamped, name: "proven.pdf");
        var bare = await SignAsync(BaselineLevel.Basic, name: "bare.pdf");
        await Task.Delay(1100, Ct); // revocation times are whole seconds
        Pki.Authority.Revoke(Person.Certificate);
        var done = await Extender().ExtendAsync(proven, Folder["archived.pdf"], BaselineLevel.Archived, Ct);
        Assert.Equal("B-LTA", (await OfflineAsync(done.Path)).Signatures[0].Level);
        await Task.Delay(1100, Ct);
        Assert.Equal(SigningFault.CertificateRevoked, (await RefusedAsync(bare, BaselineLevel.LongTerm)).Fault);
    }

    [Fact]
    public void A_certification_that_permits_no_changes_still_permits_a_document_timestamp()
    {
        using var file = PdfFile.Open(Path.Combine(Samples.Corpus, "dss/certified-no-change-permitted.pdf"));
        Assert.StartsWith("Timestamp", SignaturePlaceholder.DocumentTimestamp.Prepare(file).FieldName, StringComparison.Ordinal);
    }

    private async Task<SigningException> RefusedAsync(string input, BaselineLevel level)
    {
        var before = Directory.GetFileSystemEntries(Folder.Path).Order(StringComparer.Ordinal).ToList();
        var refused = await Assert.ThrowsAsync<SigningException>(() => Extender().ExtendAsync(input, Folder["refused.pdf"], level, Ct));
        Assert.NotEmpty(refused.Vietnamese);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder.Path).Order(StringComparer.Ordinal));
        return refused;
    }
}
