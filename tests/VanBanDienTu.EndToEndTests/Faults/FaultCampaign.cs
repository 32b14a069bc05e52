using System.Data.Common;
using System.Globalization;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>A network under a small, unceasing load meets one fault after the other; the checker looks after each, and at everything in the end.</summary>
internal sealed class FaultCampaign(FaultyNetwork network, int seed, Action<string> tell)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    private const int Repeated = 20;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<string, Dictionary<string, long>> read = new(StringComparer.Ordinal);
    private readonly Ledger ledger = new();
    private readonly TrustSnapshot trust = TrustSnapshot.Load(network.TrustFolder, allowSample: true);

    /// <summary>Faults that happened.</summary>
    public int Faults { get; private set; }

    public Ledger Ledger => ledger;

    /// <summary>What is wrong, with the fault after which it was; empty when all is well.</summary>
    /// <param name="from">Number of the first fault.</param>
    /// <param name="patience">For the end: all work done after the last fault.</param>
    public async Task<IReadOnlyList<string>> RunAsync(int from, int count, TimeSpan patience, CancellationToken ct)
    {
        using var stop = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var systems = new Systems(network, ledger, seed);
        var sending = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => systems.SendAsync(Every, stop.Token, over.Token)));
        var receiving = Task.WhenAll(systems.ReceiveAsync(SampleNetwork.GovernmentOrgan, over.Token), systems.ReceiveAsync(SampleNetwork.MinistryOrgan, over.Token));
        try
        {
            if (await FaultsAsync(from, count, ct) is { Count: > 0 } early) return early;
            await stop.CancelAsync();
            return await EndAsync(sending, receiving, systems, patience, ct);
        }
        finally
        {
            var page = ledger.Page();
            tell($"{page.Sent.Count} sent, {page.Acknowledged.Count} acknowledged, {page.HandedOver.Count} handed over; calls made again: {systems.Errors}");
            await stop.CancelAsync();
            await over.CancelAsync();
            await Task.WhenAll(sending, receiving).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(int from, int count, CancellationToken ct)
    {
        string[] lines = [.. network.Lines.Keys.Order(StringComparer.Ordinal)];
        var plan = new FaultPlan(seed, [.. network.Gateways.Select(g => g.Name)], lines, network.Server is not null, network.NoDisks is null);
        var runner = new FaultRunner(network);
        var checker = new Checker(trust);
        for (var i = from; i < from + count; i++)
        {
            var fault = plan.At(i);
            tell($"{TimeProvider.System.GetUtcNow():HH:mm:ss.f} {fault}");
            await runner.RunAsync(fault, ct);
            Faults++;
            await ProgressAsync(ct);
            await ReadAsync(checker, ct);
            if (Findings(checker, quiet: false) is { Count: > 0 } findings) return [$"seed {seed}, after fault {fault}:", .. findings];
        }
        await runner.EndLastAsync();
        return [];
    }

    /// <summary>Every document of this load is good and every fault passes: nobody has a reason to refuse one or to give up.</summary>
    private static List<string> Findings(Checker checker, bool quiet) => [.. checker.Findings(quiet), .. checker.SignedFailures.Select(f => $"undeserved: {f}")];

    /// <summary>Waits a moment for news at either end, so that faults meet work and not only each other's ruins.</summary>
    private async Task ProgressAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var page = ledger.Page(); ledger.Page() is var now && now.Acknowledged.Count + now.HandedOver.Count == page.Acknowledged.Count + page.HandedOver.Count;)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestPause) return;
            await Task.Delay(20, ct);
        }
    }

    private async Task ReadAsync(Checker checker, CancellationToken ct)
    {
        checker.Begin(ledger.Page());
        foreach (var node in network.Databases)
        {
            if (await network.OpenDatabaseAsync(node, ct) is not { } connection) continue;
            await using (connection)
            {
                try
                {
                    if (!read.TryGetValue(node, out var reached)) read[node] = reached = new Dictionary<string, long>(StringComparer.Ordinal);
                    checker.Read(node, await EvidenceRow.ReadAsync(node, connection, reached, ct));
                }
                catch (DbException)
                {
                    // It went away while it was read: the next round reads on.
                }
            }
        }
    }

    /// <summary>After the last fault: what was begun ends, then everything is read once more from the first row, and every call is made again.</summary>
    private async Task<IReadOnlyList<string>> EndAsync(Task sending, Task receiving, Systems systems, TimeSpan patience, CancellationToken ct)
    {
        IReadOnlyList<Receipt> replayed = [];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            await sending.WaitAsync(limit.Token);
            while (await WaitingAsync(limit.Token) is not "")
            {
                await Task.Delay(Glance, limit.Token);
                if (receiving.IsCompleted) await receiving; // it ends only by a defect of these tests
            }
            await systems.RepeatAsync(Repeated, limit.Token);
            replayed = await new LinkReplays(network, ledger).RunAsync([.. Systems.Spread([.. systems.Fetched], Repeated)], limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var waiting = await WaitingAsync(ct);
            return [$"seed {seed}: not at rest {patience.TotalSeconds:0} s after the last fault: {waiting}", .. await WholeAsync(replayed, ct)];
        }
        return await WholeAsync(replayed, ct);
    }

    private async Task<IReadOnlyList<string>> WholeAsync(IReadOnlyList<Receipt> replayed, CancellationToken ct)
    {
        read.Clear();
        var checker = new Checker(trust);
        await ReadAsync(checker, ct);
        await ReadAsync(checker, ct); // what a peer held in the first round, its issuer must hold in the second
        List<string> findings =
        [
            .. Findings(checker, quiet: true),
            .. replayed.Where(r => !checker.Holds(r)).Select(r => $"a message that was sent again got {r.Event} {r.Id}, which {r.Issuer} does not hold"),
        ];
        var heard = Systems.Spread(ledger.Page().HandedOver, Repeated).ToList();
        findings.AddRange(heard.Select(h => OpenSsl(h.Proof)).OfType<string>());
        tell($"{checker.Verified} pieces of evidence verified, {heard.Count} by openssl too; {replayed.Count} messages sent again on the links");
        return findings.Count == 0 ? [] : [$"seed {seed}, at the end:", .. findings];
    }

    private string? OpenSsl(Receipt receipt)
    {
        var json = Path.Combine(network.Folder, $"{receipt.Id}.json");
        File.WriteAllBytes(json, receipt.Json.Span);
        File.WriteAllBytes(json + ".p7s", receipt.Signature.Span);
        var answer = ExternalTool.Run(
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", json + ".p7s", "-content", json,
            "-CAfile", Path.Combine(network.TrustFolder, "root.pem"), "-purpose", "any", "-out", "/dev/null");
        return answer.ExitCode == 0 ? null : $"openssl refuses {receipt.Event} {receipt.Id}: {answer.Output}";
    }

    /// <summary>What is not at its end yet; empty when all is.</summary>
    private async Task<string> WaitingAsync(CancellationToken ct)
    {
        var waiting = new List<string>();
        foreach (var node in network.Databases)
        {
            if (await network.OpenDatabaseAsync(node, ct) is not { } connection) return $"{node} cannot be read";
            await using (connection)
            {
                foreach (var (what, sql) in Unfinished)
                    if (await CountAsync(connection, sql, ct) is > 0 and var count) waiting.Add($"{node}: {count} {what}");
            }
        }
        var page = ledger.Page();
        var expected = page.Sent.Where(s => page.Acknowledged.Contains(s.RequestId)).Sum(s => s.Recipients.Count);
        if (waiting.Count == 0 && page.HandedOver.Count < expected) waiting.Add($"{page.HandedOver.Count} of {expected} handed over");
        return string.Join(", ", waiting);
    }

    private static readonly (string What, string Sql)[] Unfinished =
    [
        ("in the outbox", "SELECT COUNT(*) FROM outbox"),
        ("being prepared", "SELECT COUNT(*) FROM document WHERE state IN ('Received', 'Signing', 'Held')"),
        ("being verified", "SELECT COUNT(*) FROM incoming WHERE acceptance = 'Verifying'"),
        ("not confirmed", "SELECT COUNT(*) FROM incoming WHERE confirmed_at = 0 AND acceptance <> 'Refused'"),
    ];

    private static async Task<long> CountAsync(DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
