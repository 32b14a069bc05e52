using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.IntegrationTests.Peers;

/// <summary>No honest change by a program that is not ours raises an alarm: refusing every later revision would be no answer.</summary>
public sealed class HonestChangesTests(PeerFiles peers) : IClassFixture<PeerFiles>
{
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);

    [Theory]
    [InlineData("signature", "itext-", 50)]
    [InlineData("signature", "-box", 50)]
    [InlineData("pdfsig", "", 50)]
    [InlineData("mutool", "", 50)]
    [InlineData("form", "", 50)]
    [InlineData("archive", "", 50)]
    [InlineData("comment", "", 20)]
    public async Task An_honest_change_is_permitted(string kind, string part, int atLeast)
    {
        var files = peers.Of(kind).Where(f => Path.GetFileName(f).Contains(part, StringComparison.Ordinal)).ToList();
        var accused = new List<string>();
        foreach (var file in files)
        {
            var verdict = await Verifier.VerifyAsync(file, cancellation: TestContext.Current.CancellationToken);
            if (verdict.Signatures.All(s => s.LaterChanges != LaterChange.Permitted) || verdict.Signatures.Any(s => s.Integrity != Integrity.Intact || s.LaterChanges == LaterChange.Suspicious))
                accused.Add($"{Path.GetFileName(file)}: {string.Join("; ", verdict.Signatures.Select(s => $"{s.Field} {s.Integrity} {s.LaterChanges} {string.Join(" | ", s.Changes.Select(c => c.Text.En))}"))}");
        }
        Assert.True(accused.Count == 0, string.Join('\n', accused));
        Assert.True(files.Count >= atLeast, $"{kind}{part}: only {files.Count} files");
    }
}
