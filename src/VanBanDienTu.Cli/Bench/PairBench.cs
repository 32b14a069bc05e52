using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench relay --shape pair</c>: what a second gateway on the same PostgreSQL brings. Each gateway is a process that gets 40 % of a
/// core; the database, the load and the next node's stand-in are outside of that. One, both, one again.
/// </summary>
internal sealed class PairBench : IAsyncDisposable
{
    public const string Shape = "pair";

    private const double ShareOfCore = 0.4;
    private const int WarmUpDocuments = 2_000;

    private readonly BenchFolder folder = BenchFolder.OnDisk();
    private readonly SampleAuthority authority;
    private readonly int next = FreePorts.Take(1)[0];
    private readonly string connectionFile;
    private readonly int inFlight;
    private readonly RelayDocuments documents;

    private PairBench(string connectionFile, int size, int inFlight)
    {
        (this.connectionFile, this.inFlight, documents) = (connectionFile, inFlight, new RelayDocuments(size));
        authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions { Profiles = SampleNetwork.Profiles });
    }

    /// <summary>Writes the rows <c>documents-one</c>, <c>documents-two</c>, <c>scaling</c>, <c>core-ms-per-document-one</c>, <c>core-ms-per-document-two</c>,
    /// and <c>cpu-scaling</c>: what the scaling would be were nobody else on the machine.</summary>
    public static async Task RunAsync(BenchRows rows, string connectionFile, int size, int inFlight, int seconds, CancellationToken ct)
    {
        await using var bench = new PairBench(connectionFile, size, inFlight);
        var (sink, app) = await RelaySink.StartAsync(bench.authority, bench.next);
        await using var stand = app;
        using var ends = sink;
        using var limits = new CpuLimits();
        var time = TimeSpan.FromSeconds(seconds);
        await using var first = await bench.NodeAsync("one", limits, sink, ct);
        var one = await bench.MeasureAsync([first], sink, time / 2, ct);
        Pace two;
        await using (var second = await bench.NodeAsync("two", limits, sink, ct))
            two = await bench.MeasureAsync([first, second], sink, time, ct);
        one += await bench.MeasureAsync([first], sink, time / 2, ct);
        await rows.AddAsync("documents-one", one.PerSecond, "documents/s");
        await rows.AddAsync("documents-two", two.PerSecond, "documents/s");
        await rows.AddAsync("scaling", two.PerSecond / one.PerSecond, "times");
        await rows.AddAsync("core-ms-per-document-one", one.CpuEach * 1000, "ms");
        await rows.AddAsync("core-ms-per-document-two", two.CpuEach * 1000, "ms");
        await rows.AddAsync("cpu-scaling", 2 * one.CpuEach / two.CpuEach, "times");
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a gateway, warms it up with all the processor that it wants, then limits it.</summary>
    private async Task<RelayNodeProcess> NodeAsync(string name, CpuLimits limits, RelaySink sink, CancellationToken ct)
    {
        var node = await RelayNodeProcess.StartAsync(new RelayNodeOrder(folder.Root, authority.Folder, next, connectionFile, name), ct);
        using var connection = Open(node);
        await RelayLoadProcess.LoadAsync(documents, inFlight, [connection], sink, node.WarmAsync(ct), WarmUpDocuments, ct);
        limits.Add(name, ShareOfCore, node.Id);
        return node;
    }

    private async Task<Pace> MeasureAsync(IReadOnlyList<RelayNodeProcess> nodes, RelaySink sink, TimeSpan time, CancellationToken ct)
    {
        var connections = nodes.Select(Open).ToList();
        try
        {
            await RelayLoadProcess.LoadAsync(documents, inFlight, connections, sink, Task.Delay(TimeSpan.FromSeconds(1), ct), inFlight, ct); // handshakes
            var before = nodes.Sum(n => n.Cpu.TotalSeconds);
            var result = await RelayLoadProcess.LoadAsync(documents, inFlight, connections, sink, Task.Delay(time, ct), 1, ct);
            return new Pace(result.Documents, TimeSpan.FromSeconds(result.Seconds), TimeSpan.FromSeconds(nodes.Sum(n => n.Cpu.TotalSeconds) - before));
        }
        finally
        {
            connections.ForEach(c => c.Dispose());
        }
    }

    private NodeConnection Open(RelayNodeProcess node) =>
        NodeConnection.Open(new NodeAddress(node.Address, authority.KeyFile("node-unit"), authority.Password, authority.TrustFolder, AllowSample: true), TimeProvider.System);

    /// <summary>Outlives the processes in them: a group that is in use cannot go.</summary>
    private sealed class CpuLimits : IDisposable
    {
        private readonly List<CpuLimit> all = [];

        public void Add(string name, double share, int process)
        {
            all.Add(CpuLimit.Create(name, share));
            all[^1].Add(process);
        }

        public void Dispose() => all.ForEach(limit => limit.Dispose());
    }
}
