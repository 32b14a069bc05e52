using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

public sealed class SigningLevelTests : LevelRig
{
    [Theory]
    [InlineData(SampleKeyType.P256, "cong-van.pdf")]
    [InlineData(SampleKeyType.Rsa2048, "quyet-dinh.pdf")]
    [InlineData(SampleKeyType.P384, "bao-cao.pdf")]
    public async Task The_level_asked_for_is_the_level_the_verifier_reports(SampleKeyType type, string sample)
    {
        using var key = Pki.Open(Pki.Signer("k-" + type, p => p with { Key = type }));
        foreach (var level in Enum.GetValues<BaselineLevel>())
        {
            var file = await SignAsync(level, Path.Combine(Samples.Root, "samples", sample), $"{level}.pdf", key);
            var verdict = await OfflineAsync(file);
            Assert.Equal(level.Name(), verdict.Signatures[0].Level);
            // Below B-LT the revocation answers are not in the file.
            Assert.Equal(level >= BaselineLevel.LongTerm ? Indication.TotalPassed : Indication.Indeterminate, verdict.Signatures[0].Indication);
            var online = await new PdfVerifier(Pki.Trust, Checker(), Pki.Time).VerifyAsync(file, cancellation: Ct);
            Assert.Equal(FileOutcome.TotalPassed, online.Verdict);
            Assert.Equal(0, ExternalTool.Run("qpdf", "--check", file).ExitCode);
            Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", file).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Earlier_signatures_stay_what_they_were_at_every_level()
    {
        var file = await SignAsync(BaselineLevel.Basic, name: "0.pdf");
        foreach (var level in new[] { BaselineLevel.Timestamped, BaselineLevel.LongTerm, BaselineLevel.Archived })
            file = await SignAsync(level, file, $"{level}.pdf");
        var verdict = await OfflineAsync(file);
        Assert.Equal(4, verdict.Signatures.Count(s => s.Kind == SignatureKind.Signature));
        Assert.All(verdict.Signatures, s => Assert.Equal((Integrity.Intact, true), (s.Integrity, s.LaterChanges is LaterChange.None or LaterChange.Permitted)));
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", file).ExitCode);
    }

    /// <summary>Cross-reference tables and streams, hybrid files, stores and document timestamps of other programs, certified documents.</summary>
    [Theory]
    [InlineData("dss/Signature-P-HU_NET-2.pdf")]
    [InlineData("dss/timestamped-fields.pdf")]
    [InlineData("dss/pdf-with-vri-timestamp.pdf")]
    [InlineData("dss/pades-t-duplicated-doctst.pdf")]
    [InlineData("dss/pades-tst-with-null-type.pdf")]
    [InlineData("dss/certified-changes-permitted.pdf")]
    [InlineData("itext/SignatureValidatorIntegrationTest__signatureSigningCertExpired.pdf")]
    public async Task A_file_signed_by_other_programs_is_signed_once_more_at_b_lta_and_theirs_stay_what_they_were(string name)
    {
        var input = Path.Combine(Samples.Corpus, name);
        var before = (await OfflineAsync(input)).Signatures.ToDictionary(s => s.Field, StringComparer.Ordinal);
        var after = await OfflineAsync(await SignAsync(BaselineLevel.Archived, input));
        var added = after.Signatures.Where(s => !before.ContainsKey(s.Field)).ToList();
        Assert.Equal(("B-LTA", Indication.TotalPassed), (added[0].Level, added[0].Indication));
        Assert.Equal(SignatureKind.Timestamp, added[1].Kind);
        Assert.All(before.Values, s => Assert.Equal(s.Integrity, after.Signatures.Single(a => a.Field == s.Field).Integrity));
        Assert.All(before.Values, s => Assert.Equal(s.LaterChanges == LaterChange.Suspicious, after.Signatures.Single(a => a.Field == s.Field).LaterChanges == LaterChange.Suspicious));
    }

    [Fact]
    public async Task A_level_that_cannot_be_reached_with_what_is_given_is_refused_before_the_key_is_used()
    {
        foreach (var (signer, level) in new[]
        {
            (new PdfSigner(Pki.Time), BaselineLevel.Timestamped),
            (new PdfSigner(Pki.Time, timestamps: Timestamps()), BaselineLevel.LongTerm),
            (new PdfSigner(Pki.Time, Checker(), Pki.Trust), BaselineLevel.Archived),
        })
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() => signer.SignAsync(Samples.CongVan, Folder["x.pdf"], Key, new SignatureRequest { Level = level }, Ct));
            Assert.Equal(SigningFault.BadRequest, refused.Fault);
            Assert.Contains(level.Name(), refused.Message, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
        Assert.Empty(Pki.Requests);
    }

    [Fact]
    public async Task A_timestamp_suffices_without_anchors_and_a_key_of_any_issuer()
    {
        var signer = new PdfSigner(Pki.Time, timestamps: Owned(new VanBanDienTu.Signing.Timestamps.TimestampClient(
            new() { Authorities = [new Uri(Pki.Authority.TsaUrl)] }, null, Pki.Time)));
        var done = await signer.SignAsync(Samples.CongVan, Folder["t.pdf"], TestKeys.P256, new SignatureRequest { Level = BaselineLevel.Timestamped }, Ct);
        Assert.Equal(BaselineLevel.Timestamped, done.Level);
        Assert.Equal("B-T", (await OfflineAsync(done.Path)).Signatures[0].Level);
    }
}
