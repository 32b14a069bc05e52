using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.IntegrationTests.Peers;

/// <summary>No honest change by a program that is not ours raises an alarm: refusing every later revision would be no answer.</summary>
public sealed class HonestChangesTests(PeerFiles peers) : IClassFixture<PeerFiles>
{
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);

    /// <summary>What other tools stumble over is among them, and often enough to mean something.</summary>
    [Fact]
    public void Hybrid_tables_freed_objects_and_rewritten_validation_material_are_among_the_changes()
    {
        var (hybrid, freed, rewritten, scanned) = (0, 0, 0, 0);
        foreach (var path in peers.All)
        {
            using var file = PdfFile.Open(path);
            var later = file.Revisions.Skip(1).ToList();
            hybrid += file.Revisions.Any(r => r.Kind == XrefKind.Hybrid) ? 1 : 0;
            freed += later.Exists(r => r.Entries.Any(e => e.Key > 0 && e.Value.Kind == XrefEntryKind.Free && file.At(file.Revisions[r.Index - 2]).Find(e.Key) is { Kind: not XrefEntryKind.Free })) ? 1 : 0;
            rewritten += later.Exists(r => Material(file, r.Index - 2) is { } before && Material(file, r.Index - 1) is { } after && before != after) ? 1 : 0;
            scanned += Path.GetFileName(path).Contains("scan", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.True(hybrid >= 50 && freed >= 50 && rewritten >= 50 && scanned >= 50, $"{hybrid} hybrid, {freed} with freed objects, {rewritten} with rewritten VRI, {scanned} over a scanned sheet");
    }

    /// <summary>Where the /VRI of a revision stands, as the file writes it; null when it has none.</summary>
    private static string? Material(PdfFile file, int revision)
    {
        var view = file.At(file.Revisions[revision]);
        return view.Get(view.Catalog, "DSS") is PdfDictionary store && view.Get(store, "VRI") is PdfDictionary list
            ? string.Join(' ', list.Select(e => $"{e.Key} {(e.Value is PdfReference { Target: var name } ? view.Locate(name.Number)?.ToString() : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(e.Value))}"))
            : null;
    }

    [Theory]
    [InlineData("signature", "itext-", 50)]
    [InlineData("signature", "-box", 50)]
    [InlineData("pdfsig", "", 50)]
    [InlineData("mutool", "", 50)]
    [InlineData("form", "", 50)]
    [InlineData("archive", "", 50)]
    [InlineData("comment", "", 20)]
    [InlineData("freed", "", 50)]
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
