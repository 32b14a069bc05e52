using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>Verifies files against given anchors; several at a time, the report in the order asked.</summary>
internal sealed class PdfJudge : IDisposable
{
    private readonly Authorities authorities;
    private readonly PdfVerifier verifier;
    private readonly bool offline;

    public PdfJudge(TrustSnapshot trust, RevocationOptions asking, VerifierOptions? options = null)
    {
        authorities = new Authorities(trust, asking);
        verifier = new PdfVerifier(trust, authorities.Revocation, TimeProvider.System, options ?? new VerifierOptions());
        offline = asking.Offline;
    }

    /// <summary>The report without files: what a run that goes on must agree with.</summary>
    public VerificationReport Frame(DateTimeOffset at) => verifier.Report([], at);

    /// <summary>Verifies a few files.</summary>
    public async Task<VerificationReport> ReportAsync(IReadOnlyList<(string Name, string Path)> files, CancellationToken ct)
    {
        var frame = Frame(TimeProvider.System.GetUtcNow());
        var verdicts = new List<FileVerdict>();
        foreach (var (name, path) in files) verdicts.Add(await verifier.VerifyAsync(path, name, frame.Time, ct));
        return frame with { Files = verdicts };
    }

    /// <summary>Verifies any number of files on all cores; their verdicts are on disk, none stays in memory.</summary>
    /// <param name="files">Name to show, and path to read.</param>
    /// <param name="spill">Takes the verdicts. What it has of an earlier run holds for files that are still the same, by SHA-256.</param>
    /// <param name="ct">Ends the work; what was judged until then stays in the spill.</param>
    /// <param name="done">Told after each file, from any thread.</param>
    public async Task<VerificationReport> ReportAsync(IReadOnlyList<(string Name, string Path)> files, VerdictSpill spill, CancellationToken ct, Action? done = null)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
        await Parallel.ForAsync(0, files.Count, parallel, async (i, stop) =>
        {
            if (StillHolds(spill.Earlier(files[i].Name), files[i].Path) is { } earlier) spill.Keep(i, earlier);
            else spill.Set(i, await verifier.VerifyAsync(files[i].Path, files[i].Name, spill.Frame.Time, stop));
            done?.Invoke();
        });
        return spill.Frame with { Files = spill };
    }

    public void Dispose() => authorities.Dispose();

    // An authority that was silent may answer today; everything else of a verdict depends on the file alone.
    private FileVerdict? StillHolds(FileVerdict? earlier, string path) =>
        earlier?.Sha256 is { } digest && (offline || !earlier.Signatures.Any(s => s.SubIndication == "TRY_LATER"))
            && FileDigest.TryOf(path) is { } now && string.Equals(now, digest, StringComparison.Ordinal) ? earlier : null;
}
