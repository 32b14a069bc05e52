using System.Collections.Concurrent;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>A disk that is full, one that is slow, and a power cut after a kill.</summary>
[Collection("power cuts")]
public sealed class DiskTroubleTests(Recording recording)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task A_full_disk_refuses_with_a_reason_and_loses_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var node = new LoneNode(recording, "full");
        var pdf = await recording.Nodes.SignedByPersonAsync();
        await node.StartAsync(ct);
        var before = await node.SubmitAsync("before", [pdf], ct);
        node.Watch.Use(new DiskRule("write", "*", DiskRule.Full), new DiskRule("truncate", "*", DiskRule.Full));
        foreach (var attached in (int[])[0, 200 << 10, 1300 << 10])
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => SubmitAsync($"full {attached}", [pdf, .. node.File(attached)]));
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.Contains("disk is full", refused.Status.Detail, StringComparison.Ordinal);
        }

        node.Watch.Use();
        Assert.Equal(before, await SubmitAsync("before", [pdf]));
        foreach (var attached in (int[])[0, 200 << 10, 1300 << 10]) await SubmitAsync($"full {attached}", [pdf, .. node.File(attached)]);
        Assert.True(node.Runs);

        Task<SubmitResponse> SubmitAsync(string request, IReadOnlyList<string> files) =>
            RecordedSystems.UntilAnsweredAsync(() => node.SubmitAsync(request, files, ct), ct);
    }

    [Fact]
    public async Task An_answer_waits_until_the_slowest_disk_has_everything()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var node = new LoneNode(recording, "slow");
        var pdf = await recording.Nodes.SignedByPersonAsync();
        await node.StartAsync(ct);
        await node.SubmitAsync("quick", [pdf], ct);
        node.Watch.Use(new DiskRule("sync", "*", $"delay:{Delay.TotalMilliseconds:0}"));
        var answers = new ConcurrentBag<(long At, string[] Files, string Request, SubmitResponse Answer)>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 12), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = ct }, async (i, stop) =>
        {
            string[] files = [pdf, .. node.File(new[] { 0, 60 << 10, 200 << 10, 1300 << 10 }[i % 4], i)];
            var begun = Timeline.Now;
            var answer = await RecordedSystems.UntilAnsweredAsync(() => node.SubmitAsync($"slow {i}", files, stop), stop);
            answers.Add((Timeline.Now, files, $"slow {i}", answer));
            Assert.True(Timeline.Now - begun >= Delay.TotalNanoseconds, $"«slow {i}» was answered before any sync could end");
        });
        await node.KillAsync();

        var told = answers.OrderBy(a => a.At).ToList();
        foreach (var count in (int[])[1, 2, 4, 7, 12])
        {
            using var folder = new TemporaryFolder();
            Disk.Restore(node.Watch.Read(), new PowerCut(told[count - 1].At, Survival.Synced), Path.Combine(folder.Path, "node"));
            await using var host = await node.StartOnAsync(Path.Combine(folder.Path, "node"), ct);
            foreach (var (_, files, request, answer) in told.Take(count))
            {
                await RecordedSystems.UntilAnsweredAsync(() => node.ReadBackAsync(answer.DocumentId, ct), ct);
                Assert.Equal(answer, await RecordedSystems.UntilAnsweredAsync(() => node.SubmitAsync(request, files, ct), ct));
            }
        }
    }

    [Fact]
    public async Task A_folder_that_a_killed_node_made_and_did_not_sync_is_made_durable_by_the_next()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var node = new LoneNode(recording, "killed");
        var pdf = await recording.Nodes.SignedByPersonAsync();
        var large = node.File(1300 << 10).Single();
        await node.StartAsync(ct);
        node.Watch.Use(new DiskRule("sync", "payloads", "die", Count: 1)); // payloads/ab is there, its name is not durable
        await Assert.ThrowsAsync<RpcException>(() => node.SubmitAsync("killed", [pdf, large], ct));
        await node.EndsAsync(ct);
        node.Watch.Use();
        await node.StartAsync(ct);
        await node.SubmitAsync("killed", [pdf, large], ct);
        var payload = Directory.GetFiles(Path.Combine(node.Watch.Folder, "payloads"), "*", SearchOption.AllDirectories).Single();
        Assert.Empty(SyncProof.Findings(
            node.Watch.Read(), node.Watch.Folder, [Path.GetRelativePath(node.Watch.Folder, payload)], [new("payloads/[0-9a-f]{2}", Names: true)], Timeline.Now));
    }
}
