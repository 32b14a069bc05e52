using Microsoft.Data.Sqlite;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit.Faults;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>
/// What comes after a power cut: every node starts on its disk as the cut left it, the systems repeat what was not answered and some of what
/// was, everything goes on to its end, and the checker looks for whatever was lost, doubled or contradicted.
/// </summary>
internal sealed class Aftermath(Recording recording)
{
    /// <summary>How many calls that were answered before the cut are repeated: the answers must be the same bytes.</summary>
    public int Repeats { get; init; } = 12;

    /// <param name="victims">The nodes whose power went; the others were only killed at that instant.</param>
    /// <param name="patience">How long until everything has come to its end.</param>
    /// <returns>What is wrong; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> FindingsAsync(PowerCut cut, IReadOnlyCollection<string> victims, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        var folder = Directory.CreateTempSubdirectory("vbdt-cut-").FullName;
        var hosts = new List<Task<GatewayHost>>();
        var step = "starting";
        try
        {
            foreach (var node in recording.Nodes.Network.Nodes)
                Disk.Restore(recording.Logs[node.Name], victims.Contains(node.Name) ? cut : new PowerCut(cut.Nanoseconds, Survival.Written), Path.Combine(folder, node.Name));
            hosts.AddRange(recording.Nodes.Network.Nodes.Select(n => StartAsync(n, folder, limit.Token)));
            await Task.WhenAll(hosts);
            var missing = await MissingReceiptsAsync(folder, cut.Nanoseconds, limit.Token);
            if (missing.Count > 0) return missing;
            var known = recording.Timeline.KnownAt(cut.Nanoseconds);
            step = "repeating calls";
            foreach (var call in recording.Timeline.ToRepeat(cut.Nanoseconds, Repeats))
            {
                await call.Repeat(known, limit.Token);
                if (known.Contradictions is { Count: > 0 } contradictions) return contradictions;
            }
            step = "going on";
            await GoOnAsync(folder, known, limit.Token);
            return await CheckAsync(folder, known, limit.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // A node that does not start, a document that cannot be read, a story without end.
            return [$"while {step}: {e.GetType().Name}: {e.Message} {await WaitingAsync(folder)}"];
        }
        finally
        {
            // Those too that came up beside one that did not: else they have the ports of all that start after them.
            await Task.WhenAll(hosts.Where(h => h.IsCompletedSuccessfully).Select(async h => await (await h).DisposeAsync()));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<GatewayHost> StartAsync(SampleNode node, string folder, CancellationToken ct)
    {
        var config = NodeConfigFile.Load(node.ConfigFile) with { Data = Path.Combine(folder, node.Name), Log = new LogConfig { Level = "None" } };
        return GatewayHost.StartAsync(config, null, new GatewayOptions(), ct);
    }

    /// <summary>Whatever a system was shown is in the log of the node that showed it.</summary>
    private async Task<List<string>> MissingReceiptsAsync(string folder, long instant, CancellationToken ct)
    {
        var missing = new List<string>();
        foreach (var issued in recording.Timeline.HeldAt(instant).GroupBy(r => r.Issuer, StringComparer.Ordinal))
        {
            await using var database = await OpenAsync(folder, issued.Key, ct);
            var kept = (await EvidenceRow.ReadAsync(issued.Key, database, new Dictionary<string, long>(StringComparer.Ordinal), ct)).ToDictionary(r => r.Receipt.Id, r => r.Receipt, StringComparer.Ordinal);
            missing.AddRange(issued.Where(r => !kept.TryGetValue(r.Id, out var same) || !same.Json.Span.SequenceEqual(r.Json.Span) || !same.Signature.Span.SequenceEqual(r.Signature.Span))
                .Select(r => $"{issued.Key} had shown {r.Event} {r.Id} and does not hold it any more"));
        }
        return missing;
    }

    /// <summary>Until nothing waits anywhere.</summary>
    private async Task GoOnAsync(string folder, Knowledge known, CancellationToken ct)
    {
        while (true)
        {
            var received = 0;
            foreach (var organ in RecordedSystems.Organs) received += await recording.Systems.ReceiveOnceAsync(organ, ct, known);
            if (received == 0 && await NothingWaitsAsync(folder, ct)) return;
            if (received == 0) await Task.Delay(50, ct);
        }
    }

    private async Task<bool> NothingWaitsAsync(string folder, CancellationToken ct)
    {
        foreach (var node in recording.Nodes.Network.Nodes)
        {
            if (await WaitingAsync(folder, node.Name, ct) != "0 0 0") return false;
        }
        return true;
    }

    /// <summary>How much is in the outbox, in preparation, and on its way to a receiving system.</summary>
    private static async Task<string> WaitingAsync(string folder, string node, CancellationToken ct)
    {
        await using var database = await OpenAsync(folder, node, ct);
        await using var waiting = database.CreateCommand();
        waiting.CommandText =
            """
            SELECT (SELECT COUNT(*) FROM outbox) || ' ' || (SELECT COUNT(*) FROM document WHERE state NOT IN ('Queued', 'Refused'))
                || ' ' || (SELECT COUNT(*) FROM incoming WHERE acceptance = 'Verifying' OR confirmed_at = 0)
            """;
        return (string)(await waiting.ExecuteScalarAsync(ct))!;
    }

    private async Task<string> WaitingAsync(string folder)
    {
        try
        {
            var waiting = new List<string>();
            foreach (var node in recording.Nodes.Network.Nodes) waiting.Add($"{node.Name}: {await WaitingAsync(folder, node.Name, default)}");
            return string.Join("; ", waiting);
        }
        catch (SqliteException broken)
        {
            return broken.Message;
        }
    }

    private async Task<IReadOnlyList<string>> CheckAsync(string folder, Knowledge known, CancellationToken ct)
    {
        var checker = new Checker(TrustSnapshot.Load(recording.Nodes.Network.TrustFolder, allowSample: true));
        checker.Begin(known.Ledger.Page());
        foreach (var node in recording.Nodes.Network.Nodes)
        {
            await using var database = await OpenAsync(folder, node.Name, ct);
            checker.Read(node.Name, await EvidenceRow.ReadAsync(node.Name, database, new Dictionary<string, long>(StringComparer.Ordinal), ct));
        }
        return [.. known.Contradictions, .. checker.Findings(quiet: true)];
    }

    private static async Task<SqliteConnection> OpenAsync(string folder, string node, CancellationToken ct)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, node, "relay.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ToString());
        await connection.OpenAsync(ct);
        return connection;
    }
}
