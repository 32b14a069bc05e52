using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>Verifies files against given anchors; several at a time, the report in the order asked.</summary>
internal sealed class PdfJudge : IDisposable
{
    private readonly Authorities authorities;
    private readonly PdfVerifier verifier;

    public PdfJudge(TrustSnapshot trust, bool offline)
    {
        authorities = new Authorities(trust, offline);
        verifier = new PdfVerifier(trust, authorities.Revocation, TimeProvider.System, new VerifierOptions());
    }

    public async Task<VerificationReport> ReportAsync(IReadOnlyList<(string Name, string Path)> files, DateTimeOffset? at, CancellationToken ct)
    {
        var verdicts = new FileVerdict[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct };
        await Parallel.ForAsync(0, files.Count, parallel, async (i, stop) =>
            verdicts[i] = await verifier.VerifyAsync(files[i].Path, files[i].Name, at, stop));
        return verifier.Report(verdicts, at);
    }

    public void Dispose() => authorities.Dispose();
}
