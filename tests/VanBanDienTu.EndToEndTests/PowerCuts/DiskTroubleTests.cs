using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>A disk that is full, and a power cut after a kill.</summary>
[Collection("power cuts")]
public sealed class DiskTroubleTests(Recording recording)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
            var refused = await Assert.ThrowsAsync<RpcException>(() => node.SubmitAsync($"full {attached}", [pdf, .. node.File(attached)], ct));
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.Contains("disk is full", refused.Status.Detail, StringComparison.Ordinal);
        }

        node.Watch.Use();
        Assert.Equal(before, await node.SubmitAsync("before", [pdf], ct));
        foreach (var attached in (int[])[0, 200 << 10, 1300 << 10]) await node.SubmitAsync($"full {attached}", [pdf, .. node.File(attached)], ct);
        Assert.True(node.Runs);
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
        await node.EndsAsync(Patience, ct);
        node.Watch.Use();
        await node.StartAsync(ct);
        await node.SubmitAsync("killed", [pdf, large], ct);
        var payload = Directory.GetFiles(Path.Combine(node.Watch.Folder, "payloads"), "*", SearchOption.AllDirectories).Single();
        Assert.Empty(SyncProof.Findings(
            node.Watch.Read(), node.Watch.Folder, [Path.GetRelativePath(node.Watch.Folder, payload)], [new("payloads/[0-9a-f]{2}", Names: true)], Timeline.Now));
    }

    /// <summary>The unit's node alone, in a watched folder of its own.</summary>
    private sealed class LoneNode : IAsyncDisposable
    {
        private readonly Recording recording;
        private readonly SampleNode node;
        private readonly NodeConnection system;
        private NodeProcess? process;

        public LoneNode(Recording recording, string name)
        {
            this.recording = recording;
            var unit = recording.Nodes.Network.Unit;
            var nodes = Path.GetDirectoryName(unit.ConfigFile)!;
            node = unit with { ConfigFile = Path.Combine(nodes, name + ".json"), LogFile = Path.Combine(nodes, name + ".log") };
            NodeConfigFile.Save(NodeConfigFile.Load(unit.ConfigFile) with { Data = name }, node.ConfigFile);
            Watch = new DiskWatch(Path.Combine(nodes, name), recording.Nodes.Folder);
            system = recording.Nodes.SystemOf(SampleNetwork.UnitOrgan);
        }

        public DiskWatch Watch { get; }

        public bool Runs => process is { HasExited: false };

        public async Task StartAsync(CancellationToken ct) =>
            process = await NodeProcess.StartAsync(node.ConfigFile, node.LogFile, Patience, ct, Watch.Environment);

        public Task<SubmitResponse> SubmitAsync(string request, IReadOnlyList<string> files, CancellationToken ct) =>
            DocumentUpload.SendAsync(system, RecordedSystems.Header(request, request.GetHashCode(StringComparison.Ordinal) & 0xFFFF, [SampleNetwork.MinistryOrgan]), files, ct);

        /// <summary>An attachment of that size, of the same bytes for the same number; none for 0.</summary>
        public IEnumerable<string> File(int size, int number = 0)
        {
            if (size == 0) yield break;
            var path = Path.Combine(recording.Nodes.Folder, $"phu-luc-{size}-{number}.xlsx");
            var bytes = new byte[size];
            new Random(size + number).NextBytes(bytes);
            System.IO.File.WriteAllBytes(path, bytes);
            yield return path;
        }

        /// <summary>Waits until the process has ended by itself.</summary>
        public async Task EndsAsync(TimeSpan patience, CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(patience);
            while (Runs) await Task.Delay(20, limit.Token);
            await process!.DisposeAsync();
            process = null;
        }

        public async ValueTask DisposeAsync()
        {
            if (process is not null) await process.DisposeAsync();
        }
    }
}
