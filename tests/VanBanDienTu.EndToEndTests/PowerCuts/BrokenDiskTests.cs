using System.Collections.Concurrent;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>A disk that refuses: what could not be made durable is never acknowledged, and what was acknowledged is never gone.</summary>
[Collection("power cuts")]
public sealed class BrokenDiskTests(Recording recording, ITestOutputHelper output)
{
    private static readonly SyncClass Database = new(@"relay\.db", Names: false);
    private static readonly bool Long = Environment.GetEnvironmentVariable("VBDT_LONG") == "1";

    [Fact]
    public async Task A_sync_that_failed_is_never_followed_by_an_acknowledgement_that_rests_on_it()
    {
        var ct = TestContext.Current.CancellationToken;
        var pdf = await recording.Nodes.SignedByPersonAsync();
        var syncs = await SyncsAsync(pdf, ct);
        var cases = syncs.Select(s => s with { Rule = s.Rule with { Count = 1 } })
            .Concat(syncs.Where(s => Long || s.Duty == Database))
            .Concat(syncs.Where(_ => Long).Select(s => s with { Rule = s.Rule with { Action = DiskRule.Full } }))
            .Concat(syncs.Where(_ => Long).Select(s => s with { Rule = s.Rule with { Action = DiskRule.ReadOnly } })).ToList();
        var findings = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(cases.Index(), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (c, stop) =>
        {
            await using var disk = new BrokenDisk(recording, $"broken-{c.Index}", c.Item.Rule.Glob == "relay.db", c.Item.OnceAnswered);
            foreach (var finding in await disk.FindingsAsync(pdf, [c.Item.Rule], stop)) findings.Add($"{c.Item}: {finding}");
        });
        output.WriteLine($"{cases.Count} failures of {NodeDuties.All.Count} kinds of sync");
        Assert.True(findings.IsEmpty, string.Join("\n\n", findings));
    }

    [Fact]
    public async Task A_change_that_failed_is_refused_with_a_reason_and_the_node_goes_on()
    {
        var ct = TestContext.Current.CancellationToken;
        var pdf = await recording.Nodes.SignedByPersonAsync();
        await using var disk = new BrokenDisk(recording, "refusing", many: false);
        Assert.Empty(await disk.RefusalsAsync(
            pdf,
            [
                new DiskRule("open", "segments/*", DiskRule.Broken, Count: 1), // opened once: this comes first
                .. from change in (string[])["write relay.db-wal", "write segments/*", "write uploads/*", "open uploads/*", "mkdir payloads/*", "rename payloads/*"]
                   from count in (int[])[1, 0]
                   select new DiskRule(change.Split(' ')[0], change.Split(' ')[1], DiskRule.Broken, Count: count),
                new DiskRule("write", "relay.db", DiskRule.Broken),
            ],
            ct));
    }

    /// <summary>For each duty the first sync that a run needs for it; for the database also the first one after a document was answered.</summary>
    private async Task<List<Failure>> SyncsAsync(string pdf, CancellationToken ct)
    {
        await using var disk = new BrokenDisk(recording, "sound", many: true);
        Assert.Empty(await disk.FindingsAsync(pdf, [], ct));
        var calls = disk.Log.Calls.ToList();
        var found = new List<Failure>();
        foreach (var duty in NodeDuties.All)
        {
            var made = duty.Names ? calls.FindIndex(c => duty.Covers(NameMade(c))) : -1;
            var first = calls.FindIndex(made + 1, c => Serves(duty, made < 0 ? "" : NameMade(calls[made]), c));
            Assert.True(first >= 0, $"Nothing makes {duty} durable.");
            found.Add(new Failure(duty, RuleAt(calls, first), OnceAnswered: false));
        }
        found.Add(new Failure(Database, new DiskRule("sync", "relay.db", DiskRule.Broken), OnceAnswered: true));
        return found;
    }

    /// <param name="OnceAnswered">It begins when a document has been answered.</param>
    private sealed record Failure(SyncClass Duty, DiskRule Rule, bool OnceAnswered);

    /// <summary>An upload is called otherwise in every run.</summary>
    private static DiskRule RuleAt(IReadOnlyList<DiskCall> calls, int place) => calls[place].Path is var path && path.StartsWith("uploads/", StringComparison.Ordinal)
        ? new DiskRule("sync", "uploads/*", DiskRule.Broken)
        : new DiskRule("sync", path, DiskRule.Broken, calls.Take(place).Count(c => c.Kind == DiskCallKind.SyncBegin && c.Path == path));

    private static string NameMade(DiskCall call) => call.Kind switch
    {
        DiskCallKind.Create or DiskCallKind.MakeFolder => call.Path,
        DiskCallKind.Rename => call.Second,
        _ => "",
    };

    private static bool Serves(SyncClass duty, string name, DiskCall call) =>
        call.Kind == DiskCallKind.SyncBegin && (duty.Names ? call.Path == NodeDuties.FolderOf(name) : duty.Covers(call.Path));
}
