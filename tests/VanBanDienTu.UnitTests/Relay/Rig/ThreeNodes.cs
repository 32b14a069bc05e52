using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>Unit G99.63 ↔ ministry G99 (hub) ↔ government G22 (hub, also for H99).</summary>
internal sealed class ThreeNodes : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ThreeNodes(RelayKeys keys)
    {
        Unit = new TestNode(keys, "unit", "G99.63", _folder["unit"]);
        Ministry = new TestNode(keys, "ministry", "G99", _folder["ministry"]);
        Government = new TestNode(keys, "government", "G22", _folder["government"]);
        Unit.Hosts("G99.63");
        Ministry.Hosts("G99");
        Government.Hosts("G22", "H99");
        UnitUp = Unit.LinkTo(Ministry, "*");
        MinistryDown = Ministry.LinkTo(Unit, "G99.63");
        MinistryUp = Ministry.LinkTo(Government, "*");
        GovernmentDown = Government.LinkTo(Ministry, "G99");
    }

    public TestNode Unit { get; }

    public TestNode Ministry { get; }

    public TestNode Government { get; }

    public LoopbackLink UnitUp { get; }

    public LoopbackLink MinistryDown { get; }

    public LoopbackLink MinistryUp { get; }

    public LoopbackLink GovernmentDown { get; }

    public IEnumerable<TestNode> All => [Unit, Ministry, Government];

    public static async Task<ThreeNodes> OpenAsync(RelayKeys keys, Action<ThreeNodes>? before = null)
    {
        var nodes = new ThreeNodes(keys);
        before?.Invoke(nodes);
        foreach (var node in nodes.All)
            await node.OpenAsync();
        return nodes;
    }

    /// <summary>Lets every node work until nothing is due anywhere.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 6; round++)
        {
            foreach (var node in All)
                await node.RunAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in All)
            await node.DisposeAsync();
        _folder.Dispose();
    }
}
