using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>What a kill cannot show: the power goes, and of each disk only that is left which a completed sync covered.</summary>
[Collection("power cuts")]
public sealed class PowerCutTests(Recording recording, ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("VBDT_LONG") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_whenever_the_power_goes()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VBDT_SEED"), out var given) ? given : Long ? Environment.TickCount : 20_261_122;
        output.WriteLine($"seed {seed}");
        var aftermath = new Aftermath(recording);
        var cuts = Cuts(new Random(seed), int.Parse(Environment.GetEnvironmentVariable("VBDT_CUTS") ?? (Long ? "1000" : "24"))).ToList();
        var begun = Environment.CpuUsage.TotalTime;
        foreach (var (number, (cut, victims)) in cuts.Index())
        {
            var findings = await aftermath.FindingsAsync(cut, victims, Patience, TestContext.Current.CancellationToken);
            Assert.True(findings.Count == 0, $"Cut {number} of seed {seed} ({cut}, {string.Join(" ", victims)}):\n{string.Join('\n', findings)}");
        }
        output.WriteLine($"{cuts.Count} cuts, {(Environment.CpuUsage.TotalTime - begun).TotalSeconds / cuts.Count:0.0} s of processor time each");
    }

    [Fact]
    public async Task Each_sync_that_a_node_leaves_out_loses_something()
    {
        var aftermath = new Aftermath(recording) { Repeats = int.MaxValue };
        var victims = recording.Logs.Keys.ToList();
        foreach (var duty in NodeDuties.All)
        {
            var findings = await aftermath.FindingsAsync(
                new PowerCut(recording.Ended, Survival.Synced) { Forgotten = duty }, victims, Patience / 5, TestContext.Current.CancellationToken);
            Assert.True(findings.Count > 0, $"A node that never makes {duty} durable loses nothing: the tests would not see it, or it need not be done.");
            output.WriteLine($"without {duty}: {findings[0]}");
        }
    }

    [Fact]
    public void A_node_syncs_nothing_in_vain() => Assert.Empty(recording.Logs.Values.SelectMany(NodeDuties.Idle).Distinct());

    [Fact]
    public void What_people_fetch_and_sign_into_a_folder_is_durable_when_the_command_says_so()
    {
        Assert.Empty(SyncProof.Findings(
            recording.Fetched.Read(), recording.Fetched.Folder, recording.FetchedFiles,
            [new(@"\.", Names: true), new(@"[^/]*\.part", Names: false), new(@"[^/]*\.(pdf|xlsx)", Names: true)]));
        Assert.Empty(SyncProof.Findings(
            recording.Signed.Read(), recording.Signed.Folder, recording.SignedFiles,
            [new(@"\.", Names: true), new(@"\..*\.tmp", Names: false), new(@"[^/.][^/]*\.pdf", Names: true)]));
    }

    private IEnumerable<(PowerCut Cut, IReadOnlyCollection<string> Victims)> Cuts(Random random, int count)
    {
        var answers = recording.Timeline.Answers;
        var names = recording.Logs.Keys.ToList();
        for (var i = 0; i < count; i++)
        {
            IReadOnlyCollection<string> victims = i % 4 == 3 ? names : [names[i % names.Count]];
            var syncs = recording.Logs[victims.First()].Calls.Where(c => c.Kind == DiskCallKind.SyncEnd).ToList();
            var at = (i % 3) switch
            {
                0 => answers[random.Next(answers.Count)],                          // somebody has just been told
                1 => syncs[random.Next(syncs.Count)].Nanoseconds - random.Next(2), // a sync has just been done, or not
                _ => random.NextInt64(recording.Begun, recording.Ended),
            };
            yield return (new PowerCut(at, i % 5 < 3 ? Survival.Synced : Survival.Torn, random.Next()), victims);
        }
    }
}
