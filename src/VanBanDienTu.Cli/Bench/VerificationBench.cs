using System.Diagnostics;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench verify</c>: the whole verdict of files signed by many signers, in rotation. Of B-B files revocation is asked of an authority
/// on loopback (by the first round) and then known; B-LT files bring it along and nobody is asked.
/// </summary>
internal static class VerificationBench
{
    private const int Signers = 64;

    /// <summary>Writes the rows of <see cref="BenchRows.AddShareAsync"/>, <c>cold</c> (the first round), on several threads those of
    /// <see cref="BenchRows.AddScalingAsync"/> beside the machine's own SHA-256 and verification, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, PdfBenchOrder order, CancellationToken ct)
    {
        using var folder = BenchFolder.InMemory();
        var profiles = Enumerable.Range(0, Signers).Select(i => SampleProfiles.Person(Signer(i)) with { Key = BenchKeyType.Of(order.KeyType) }).ToList();
        await using var authority = await BenchAuthority.StartAsync(folder.Of("pki"), profiles, ct);
        var trust = TrustSnapshot.Load(authority.Pki.TrustFolder, allowSample: true);
        var count = order.Folder ?? Signers;
        await SignAsync(authority, trust, folder, order, count, ct);
        var bare = Enumerable.Range(0, Signers).Select(i => BareKey.Load(authority.Pki.KeyFile(Signer(i)), authority.Pki.Password)).ToList();
        using var asked = new Authorities(trust, new RevocationOptions { Offline = order.Level >= BaselineLevel.LongTerm });
        var verifier = new PdfVerifier(trust, asked.Revocation, TimeProvider.System);
        var cold = Stopwatch.StartNew();
        for (var i = 0; i < Signers; i++)
            await PassAsync(verifier, File(folder, i), ct);
        var coldRate = Signers / cold.Elapsed.TotalSeconds;

        var limit = new VerificationLimit(File(folder, 0), bare);
        var (turn, limitTurn) = (0, 0);
        Contender Ours(int threads) => new(threads, _ => PassAsync(verifier, File(folder, Next(ref turn, count)), ct));
        Contender Limit(int threads) => new(threads, _ => limit.RunAsync(Next(ref limitTurn, Signers)));
        var peers = await PeerRows.LinesAsync(order.Peers, order.Pdf, order.Seconds, ct);
        var paces = await Alternation.MeasureAsync(order.Seconds,
            [Ours(order.Threads), Limit(order.Threads), .. order.Threads == 1 ? (Contender[])[] : [Ours(1), Limit(1)]], ct);
        foreach (var key in bare) key.Dispose();
        await rows.AddShareAsync(paces[0], paces[1]);
        if (order.Threads > 1) await rows.AddScalingAsync(paces[0], paces[2], paces[1], paces[3]);
        await PeerRows.AddAsync(rows, peers, "-verify", paces[0].PerSecond);
        await rows.AddAsync("cold", coldRate, "files/s");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }

    /// <summary>Fails unless the verdict is TOTAL-PASSED.</summary>
    public static async Task PassAsync(PdfVerifier verifier, string file, CancellationToken ct)
    {
        var verdict = await verifier.VerifyAsync(file, cancellation: ct);
        if (verdict.Verdict == FileOutcome.TotalPassed) return;
        var why = verdict.Signatures.SelectMany(s => s.Reasons).Select(r => r.Text).FirstOrDefault() ?? verdict.Findings.Select(f => f.Text).FirstOrDefault();
        throw new CommandException(ExitCode.BadInput, $"Tệp vừa ký không được kết luận hợp lệ: {verdict.Verdict} {why?.Vi}", $"A file just signed did not pass: {verdict.Verdict} {why?.En}");
    }

    private static int Next(ref int turn, int count) => (Interlocked.Increment(ref turn) & int.MaxValue) % count;

    private static string Signer(int i) => $"bench-{i}";

    private static string File(BenchFolder folder, int i) => folder.Of($"signed-{i}.pdf");

    private static async Task SignAsync(BenchAuthority authority, TrustSnapshot trust, BenchFolder folder, PdfBenchOrder order, int count, CancellationToken ct)
    {
        using var online = new Authorities(trust, new RevocationOptions());
        using var stamps = new TimestampClient(new TimestampOptions { Authorities = [authority.Tsa], MaxConcurrentCalls = Signers }, trust, TimeProvider.System);
        var signer = new PdfSigner(TimeProvider.System, order.Level >= BaselineLevel.LongTerm ? online.Revocation : null, trust, stamps);
        await Parallel.ForAsync(0, Signers, ct, async (i, _) =>
        {
            using var key = Pkcs12Key.Load(authority.Pki.KeyFile(Signer(i)), authority.Pki.Password);
            for (var at = i; at < count; at += Signers)
                await signer.SignAsync(order.Pdf, File(folder, at), key, new SignatureRequest { Level = order.Level }, ct);
        });
    }
}
