using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>
/// One node whose disk fails somewhere while documents of all sizes are handed in. Whatever was answered must be there: after the power goes
/// at once, and after the node was started again on the same machine, where what a failed sync left behind still looks well, and the power
/// goes then.
/// </summary>
/// <param name="many">So many documents that the log is copied into the database, well before the last of them.</param>
/// <param name="onceAnswered">The disk begins to fail when the first document has been answered.</param>
internal sealed class BrokenDisk(Recording recording, string name, bool many, bool onceAnswered = false) : IAsyncDisposable
{
    /// <summary>In a row, in a row, in a segment, in a file.</summary>
    private static readonly IReadOnlyList<int[]> Few = [[], [60 << 10], [200 << 10], [1300 << 10]];

    private static readonly IReadOnlyList<int[]> Many = [.. Few, .. Enumerable.Range(0, 10).Select(_ => Enumerable.Repeat(60 << 10, 12).ToArray())];

    private IReadOnlyList<int[]> documents = many ? Many : Few;
    private int round;
    private IReadOnlyList<DiskRule> later = [];
    private readonly LoneNode node = new(recording, name);
    private readonly Dictionary<string, byte[]> answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

    /// <summary>What its disk was told.</summary>
    public DiskLog Log => node.Watch.Read();

    /// <param name="pdf">Handed in with different attachments.</param>
    /// <param name="rules">How the disk fails.</param>
    /// <returns>What is wrong; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> FindingsAsync(string pdf, IReadOnlyList<DiskRule> rules, CancellationToken ct)
    {
        var findings = new List<string>();
        if (onceAnswered) later = rules;
        else node.Watch.Use(rules);
        var ended = await RunAsync(pdf, findings, ct);
        var struck = Log.Calls.Any(c => c.Kind == DiskCallKind.Fault);
        if (struck != rules.Count > 0) findings.Add(struck ? "the disk failed" : "the rule struck nothing");
        if (ended && !node.Said("Check the disk")) findings.Add("the node ended without a word about its disk");
        findings.AddRange((await AfterCutAsync(pdf, ct)).Select(f => $"power cut after the failure: {f}"));
        node.Watch.Use();
        if (ended)
        {
            if (await RunAsync(pdf, findings, ct)) findings.Add($"the node does not run although its disk is well again");
            findings.AddRange((await AfterCutAsync(pdf, ct)).Select(f => $"power cut after the next start: {f}"));
        }
        return findings;
    }

    /// <summary>The same node through all these failures, one after the other, none of which leaves anything in doubt.</summary>
    /// <param name="rules">Of changes, not of syncs; the last one is met by many documents.</param>
    /// <returns>What is wrong; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> RefusalsAsync(string pdf, IReadOnlyList<DiskRule> rules, CancellationToken ct)
    {
        var findings = new List<string>();
        await node.StartAsync(ct);
        foreach (var (i, rule) in rules.Index())
        {
            round = i + 1;
            if (round == rules.Count) documents = Many;
            var before = Faults();
            node.Watch.Use(rule);
            await HandInAsync(pdf, findings, remember: true, ct);
            node.Watch.Use();
            if (Faults() == before) findings.Add($"{rule} struck nothing");
            await HandInAsync(pdf, findings, remember: true, ct);
            if (!documents.Select((_, n) => Request(n)).All(answers.ContainsKey)) findings.Add($"after {rule} a document is still refused");
            if (!node.Runs) return [.. findings, $"the node ended after {rule}"];
        }
        if (!node.Said("The disk below the database fails")) findings.Add("the log says nothing of the database's disk");
        foreach (var id in ids.Values) await node.ReadBackAsync(id, ct);
        await node.KillAsync();
        return [.. findings, .. await AfterCutAsync(pdf, ct)];
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private int Faults() => Log.Calls.Count(c => c.Kind == DiskCallKind.Fault);

    /// <summary>Starts the node and hands in everything; then it is killed.</summary>
    /// <returns>Whether it had ended by itself.</returns>
    private async Task<bool> RunAsync(string pdf, List<string> findings, CancellationToken ct)
    {
        try
        {
            await node.StartAsync(ct);
            await HandInAsync(pdf, findings, remember: true, ct);
        }
        catch (CommandException)
        {
            return true; // it did not become ready
        }
        if (node.Runs)
        {
            await node.KillAsync();
            return false;
        }
        await node.EndsAsync(ct);
        return true;
    }

    /// <param name="remember">Not on a disk that a power cut left: what is answered there, nobody knows later.</param>
    private async Task HandInAsync(string pdf, List<string> findings, bool remember, CancellationToken ct)
    {
        foreach (var (i, attached) in documents.Index())
        {
            var request = Request(i);
            if (!remember && !answers.ContainsKey(request)) continue;
            try
            {
                var answer = await node.SubmitAsync(request, [pdf, .. attached.SelectMany((size, place) => node.File(size, (1000 * round) + (100 * i) + place))], ct);
                var bytes = answer.ToByteArray();
                if (later.Count > 0) node.Watch.Use(later);
                later = [];
                if (answers.TryGetValue(request, out var before) && !before.AsSpan().SequenceEqual(bytes)) findings.Add($"{request} was answered with other bytes than before");
                if (remember) (answers[request], ids[request]) = (bytes, answer.DocumentId);
            }
            catch (RpcException) when (remember && !node.Runs)
            {
                return;
            }
            catch (RpcException refused)
            {
                if (refused.StatusCode is StatusCode.Internal or StatusCode.Unknown) findings.Add($"{request} was refused without a reason: {refused.Status}");
            }
        }
    }

    private string Request(int document) => $"{name} {round} {document}";

    private async Task<List<string>> AfterCutAsync(string pdf, CancellationToken ct)
    {
        var findings = new List<string>();
        if (ids.Count == 0) return findings;
        var folder = Directory.CreateTempSubdirectory("vbdt-broken-").FullName;
        try
        {
            Disk.Restore(Log, new PowerCut(Timeline.Now, Survival.Synced), Path.Combine(folder, "node"));
            await using var host = await node.StartOnAsync(Path.Combine(folder, "node"), ct);
            foreach (var id in ids.Values) await node.ReadBackAsync(id, ct);
            await HandInAsync(pdf, findings, remember: false, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            findings.Add($"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return findings;
    }
}
