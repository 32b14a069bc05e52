using System.Diagnostics;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench verify</c>: the whole verdict of files signed B-B by many signers, in rotation; revocation is asked of an authority
/// on loopback (by the first round) and then known.
/// </summary>
internal static class VerificationBench
{
    private const int MostFiles = 64;
    private const long MostBytes = 512L << 20;

    /// <summary>Writes the rows <c>ops</c>, <c>limit</c>, <c>share</c>, <c>cpu-share</c>, <c>cold</c>, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, string pdf, string keyType, int threads, int seconds, CancellationToken ct)
    {
        var size = new FileInfo(pdf).Length;
        var count = (int)Math.Clamp(MostBytes / Math.Max(size, 1), 1, MostFiles); // one file, when it is a very large one
        using var folder = size > SigningLimit.LargeBytes ? BenchFolder.OnDisk() : BenchFolder.InMemory();
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions
        {
            BaseUrl = $"http://127.0.0.1:{FreePorts.Take(1)[0]}",
            Profiles = [.. Enumerable.Range(0, count).Select(i => SampleProfiles.Person(Signer(i)) with { Key = BenchKeyType.Of(keyType) })],
        });
        await using var server = await PkiServer.StartAsync(authority, ct);
        await SignAsync(authority, folder, pdf, count, ct);
        var bare = Enumerable.Range(0, count).Select(i => BareKey.Load(authority.KeyFile(Signer(i)), authority.Password)).ToList();
        var trust = TrustSnapshot.Load(authority.TrustFolder, allowSample: true);
        using var online = new Authorities(trust, new RevocationOptions());
        var verifier = new PdfVerifier(trust, online.Revocation, TimeProvider.System);
        var cold = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
            await PassAsync(verifier, File(folder, i), ct);
        var coldRate = count / cold.Elapsed.TotalSeconds;

        var limit = new VerificationLimit(File(folder, 0), bare);
        var (turn, limitTurn) = (0, 0);
        var measured = await Alternation.MeasureAsync(
            threads, seconds,
            _ => PassAsync(verifier, File(folder, Next(ref turn, count)), ct),
            _ => limit.RunAsync(Next(ref limitTurn, count)),
            ct);
        foreach (var key in bare) key.Dispose();
        await rows.AddAsync("ops", measured.Ours, "files/s");
        await rows.AddAsync("limit", measured.Limit, "files/s");
        await rows.AddAsync("share", 100 * measured.Share, "%");
        await rows.AddAsync("cpu-share", 100 * measured.CpuShare, "%");
        await rows.AddAsync("cold", coldRate, "files/s");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }

    private static int Next(ref int turn, int count) => (Interlocked.Increment(ref turn) & int.MaxValue) % count;

    private static string Signer(int i) => $"bench-{i}";

    private static string File(BenchFolder folder, int i) => folder.Of($"signed-{i}.pdf");

    private static async Task SignAsync(SampleAuthority authority, BenchFolder folder, string pdf, int count, CancellationToken ct)
    {
        var signer = new PdfSigner(TimeProvider.System);
        for (var i = 0; i < count; i++)
        {
            using var key = Pkcs12Key.Load(authority.KeyFile(Signer(i)), authority.Password);
            await signer.SignAsync(pdf, File(folder, i), key, new SignatureRequest(), ct);
        }
    }

    private static async Task PassAsync(PdfVerifier verifier, string file, CancellationToken ct)
    {
        var verdict = await verifier.VerifyAsync(file, cancellation: ct);
        if (verdict.Verdict == FileOutcome.TotalPassed) return;
        var why = verdict.Signatures.SelectMany(s => s.Reasons).Select(r => r.Text).FirstOrDefault() ?? verdict.Findings.Select(f => f.Text).FirstOrDefault();
        throw new CommandException(ExitCode.BadInput, $"Tệp vừa ký không được kết luận hợp lệ: {verdict.Verdict} {why?.Vi}", $"A file just signed did not pass: {verdict.Verdict} {why?.En}");
    }
}
