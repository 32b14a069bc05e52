using System.Diagnostics;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary><c>bench sign</c> and <c>bench verify</c> of a file too large for memory, on disk: five rounds by turns, medians.</summary>
internal static class LargeFileBench
{
    private const string Signer = "bench";
    private const int Rounds = 5;

    /// <summary>Beside reading and writing with buffers as ours, two passes of SHA-256 and one sync: the rows <c>seconds</c>,
    /// <c>limit-seconds</c>, <c>ratio</c>, <c>size</c>, <c>peak-rss</c>.</summary>
    public static Task SignAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct) => RunAsync(rows, order, async (folder, pdf, key, bare, _) =>
    {
        var signer = new PdfSigner(TimeProvider.System);
        await signer.SignAsync(pdf, folder.Of("signed.pdf"), key, new SignatureRequest(), ct);
        var limit = new SigningLimit(folder.Of("signed.pdf"), bare);
        return (() => signer.SignAsync(pdf, folder.Of("out.pdf"), key, new SignatureRequest(), ct), () => limit.RunAsync(folder.Of("limit")));
    }, ct);

    /// <summary>Beside one pass of SHA-256 over the file; the same rows.</summary>
    public static Task VerifyAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct) => RunAsync(rows, order, async (folder, pdf, key, bare, trust) =>
    {
        var signed = folder.Of("signed.pdf");
        await new PdfSigner(TimeProvider.System).SignAsync(pdf, signed, key, new SignatureRequest(), ct);
        var verifier = new PdfVerifier(trust, new Authorities(trust, new RevocationOptions()).Revocation, TimeProvider.System);
        await VerificationBench.PassAsync(verifier, signed, ct);
        var limit = new VerificationLimit(signed, [bare]);
        return (() => VerificationBench.PassAsync(verifier, signed, ct), () => limit.RunAsync(0));
    }, ct);

    private delegate Task<(Func<Task> Ours, Func<Task> Limit)> Prepare(BenchFolder folder, string pdf, Pkcs12Key key, BareKey bare, TrustSnapshot trust);

    private static async Task RunAsync(BenchRows rows, PdfBenchOrder order, Prepare prepare, CancellationToken ct)
    {
        using var folder = BenchFolder.OnDisk();
        await using var authority = await BenchAuthority.StartAsync(folder.Of("pki"), [SampleProfiles.Person(Signer) with { Key = BenchKeyType.Of(order.KeyType) }], ct);
        using var key = Pkcs12Key.Load(authority.Pki.KeyFile(Signer), authority.Pki.Password);
        using var bare = BareKey.Load(authority.Pki.KeyFile(Signer), authority.Pki.Password);
        var pdf = order.Pdf;
        if (order.Size is { } size)
            await LargePdf.WriteAsync(pdf = folder.Of("large.pdf"), size, ct);
        var (ours, limit) = await prepare(folder, pdf, key, bare, TrustSnapshot.Load(authority.Pki.TrustFolder, allowSample: true));
        var (mine, least) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(await TimeAsync(ours));
            least.Add(await TimeAsync(limit));
        }
        await rows.AddAsync("seconds", Median(mine), "s");
        await rows.AddAsync("limit-seconds", Median(least), "s");
        await rows.AddAsync("ratio", Median(mine) / Median(least), "times");
        await rows.AddAsync("size", new FileInfo(pdf).Length / (1024.0 * 1024.0), "MiB");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }

    private static async Task<double> TimeAsync(Func<Task> once)
    {
        var watch = Stopwatch.StartNew();
        await once();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
