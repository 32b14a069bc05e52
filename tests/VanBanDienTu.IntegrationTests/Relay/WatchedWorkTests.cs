using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.IntegrationTests.RelayNodes;

/// <summary>What <see cref="WatchedDiskTests"/> runs in a process of its own.</summary>
public sealed class WatchedWorkTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    /// <summary>The environment's name for the folder to work in.</summary>
    internal const string Place = "VBDT_WATCHED_PLACE";

    /// <summary>A folder that is made when all else is done.</summary>
    internal const string Mark = "mark";

    [Fact]
    public async Task A_node_takes_messages_packets_and_bundles()
    {
        using var folder = new TemporaryFolder();
        var place = Environment.GetEnvironmentVariable(Place) is { Length: > 0 } watched ? watched : folder.Path;
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Ministry.Options = n.Ministry.Options with { DataFolder = Path.Combine(place, "data") });
        foreach (var size in (int[])[20 << 10, 200 << 10, 3 << 20])
        {
            var answer = await Messages.HandAsync(
                nodes.Ministry, Messages.Document("G99.63", "G22", new byte[size]), new PeerNode("unit", "G99.63", new string('a', 64)));
            Assert.IsType<AcceptAnswer.Accepted>(answer);
        }

        var packet = new byte[2 << 20];
        await nodes.Ministry.Node.Far.KeepRawAsync("axis", "1", to => to.WriteAsync(packet).AsTask(), default);
        DurableNames.Create(Path.Combine(place, "out"));
        await CarriedFile.PutAsync(Path.Combine(place, "out", "x.vbdt"), to => to.WriteAsync(packet).AsTask(), default);
        Directory.CreateDirectory(Path.Combine(place, Mark));
    }
}
