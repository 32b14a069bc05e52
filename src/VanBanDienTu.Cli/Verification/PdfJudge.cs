using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>Verifies files against given anchors; several at a time, the report in the order asked.</summary>
internal sealed class PdfJudge : IDisposable
{
    private readonly Authorities authorities;
    private readonly PdfVerifier verifier;

    public PdfJudge(TrustSnapshot trust, RevocationOptions asking, VerifierOptions? options = null)
    {
        authorities = new Authorities(trust, asking);
        verifier = new PdfVerifier(trust, authorities.Revocation, TimeProvider.System, options ?? new VerifierOptions());
    }

    /// <param name="done">Told after each file, from any thread.</param>
    public async Task<VerificationReport> ReportAsync(IReadOnlyList<(string Name, string Path)> files, DateTimeOffset? at, CancellationToken ct, Action? done = null)
    {
        // One instant for all files of a run, so that its report does not depend on how long it took.
        at ??= TimeProvider.System.GetUtcNow();
        var verdicts = new FileVerdict[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
        await Parallel.ForAsync(0, files.Count, parallel, async (i, stop) =>
        {
            verdicts[i] = await verifier.VerifyAsync(files[i].Path, files[i].Name, at, stop);
            done?.Invoke();
        });
        return verifier.Report(verdicts, at);
    }

    public void Dispose() => authorities.Dispose();
}
