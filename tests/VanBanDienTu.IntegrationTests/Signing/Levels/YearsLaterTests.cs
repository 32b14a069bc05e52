using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>What an archive is for: certificates expire, answers grow old, and the signature is still proven, if it was renewed in time.</summary>
public sealed class YearsLaterTests : LevelRig
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly ManualTime _time = new();

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task An_archive_renewed_in_time_outlives_the_signers_certificate_and_the_authorities()
    {
        using var shortLived = Pki.Open(Pki.Signer("short", p => p with { ValidFor = TimeSpan.FromDays(30) }));
        var file = await SignAsync(BaselineLevel.Archived, key: shortLived);
        for (var year = 1; year <= 3; year++)
        {
            _time.Advance(3 * Year);
            var done = await Extender().ExtendAsync(file, Folder[$"{year}.pdf"], BaselineLevel.Archived, Ct);
            Assert.Equal(year + 1, done.Timestamps);
            file = done.Path;
            var verdict = await OfflineAsync(file);
            Assert.Equal(("B-LTA", Indication.TotalPassed), (verdict.Signatures[0].Level, verdict.Signatures[0].Indication));
        }
        using var opened = PdfFile.Open(file);
        Assert.Equal(9, opened.Revisions.Count - FirstRevisions()); // signature, store, timestamp; then a store and a timestamp each time
    }

    [Fact]
    public async Task A_file_that_was_only_signed_cannot_be_raised_once_its_certificate_has_expired()
    {
        using var shortLived = Pki.Open(Pki.Signer("short", p => p with { ValidFor = TimeSpan.FromDays(30) }));
        var file = await SignAsync(BaselineLevel.Basic, key: shortLived);
        _time.Advance(Year);
        var refused = await Assert.ThrowsAsync<SigningException>(() => Extender().ExtendAsync(file, Folder["late.pdf"], BaselineLevel.LongTerm, Ct));
        Assert.Equal(SigningFault.ValidationDataUnavailable, refused.Fault);
        Assert.Single(Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public async Task An_archive_that_was_renewed_too_late_is_refused_by_the_name_of_what_expired()
    {
        var file = await SignAsync(BaselineLevel.Archived);
        _time.Advance(11 * Year);
        var refused = await Assert.ThrowsAsync<SigningException>(() => Extender().ExtendAsync(file, Folder["late.pdf"], BaselineLevel.Archived, Ct));
        Assert.Equal(SigningFault.ValidationDataUnavailable, refused.Fault);
        Assert.Contains("path", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Folder.Path));
    }

    private static int FirstRevisions()
    {
        using var sample = PdfFile.Open(Samples.CongVan);
        return sample.Revisions.Count;
    }
}
