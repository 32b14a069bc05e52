using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Restore;

/// <summary>Two gateways of a unit on one PostgreSQL, which an older dump replaces: both notice and start no more until they are marked, both know again what either of them did.</summary>
public sealed class SharedDatabaseRestoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task An_older_dump_takes_the_place_of_a_database_and_nothing_is_lost_or_doubled()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var ct = limit.Token;
        await using var nodes = await ThreeNodes.CreateAsync();
        using var server = PostgresServer.Start();
        var (unit, hub) = (nodes.Network.Unit, nodes.Network.Ministry);
        var database = server.NewDatabase();
        var second = Second(nodes, unit, database);
        await nodes.StartAllAsync(ct);
        await nodes.StartAsync(second, ct);
        var letters = new Correspondence(nodes);
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await letters.SettleAsync(ct);

        var (dump, made) = (Path.Combine(nodes.Folder, "unit.sql"), TimeProvider.System.GetUtcNow());
        server.Dump(database, dump);
        var up = await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        var down = await letters.SendAsync(SampleNetwork.ProvinceOrgan, ct);
        letters.Through(SampleNetwork.UnitOrgan, second); // which signs what the unit says, while the first one signs for what arrives
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await letters.SettleAsync(ct);
        var receipt = await letters.OfferAgainAsync(hub, unit, down, ct);

        nodes.Freeze(hub);
        foreach (var gateway in new[] { unit, second })
            await nodes.KillAsync(gateway);
        server.PutBack(database, dump);
        foreach (var gateway in new[] { unit, second })
        {
            // Nobody told it: it notices, says what to type, and is gone.
            var refused = await Assert.ThrowsAsync<CommandException>(() => nodes.StartAsync(gateway, ct));
            Assert.Contains("vbdt restore --mark", refused.Message, StringComparison.Ordinal);
            var marked = await Vbdt.RunAsync("restore", "--mark", made.ToString("O"), "--config", gateway.ConfigFile);
            Assert.True(marked.ExitCode == 0, marked.ToString());
        }

        await Task.WhenAll(nodes.StartAsync(unit, ct), nodes.StartAsync(second, ct));
        foreach (var gateway in new[] { unit, second })
        {
            Assert.Equal(["Pending"], await Operator.StatesAsync(nodes, unit, gateway.Address));
            Assert.Equal(Correspondence.Reconciling, await letters.OfferAgainAsync(hub, gateway, down, ct));
        }

        Assert.Equal(Correspondence.Reconciling, await letters.RepeatAsync(up, ct));
        nodes.Thaw(hub);
        await Operator.DoneAsync(nodes, unit, unit.Address, ct);
        foreach (var gateway in new[] { unit, second })
            Assert.Equal(receipt, await letters.OfferAgainAsync(hub, gateway, down, ct));
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        foreach (var letter in letters.Sent)
            await letters.RepeatedAsync(letter, ct);
        await letters.SettleAsync(ct);
        Assert.Equal(letters.Sent.Select(l => l.Edxml).Order(StringComparer.Ordinal), (await letters.ArrivedAsync(ct)).Order(StringComparer.Ordinal));
    }

    /// <summary>Puts the unit's node on PostgreSQL, and another gateway of the unit beside it.</summary>
    private static SampleNode Second(ThreeNodes nodes, SampleNode unit, string database)
    {
        var secret = Path.Combine(nodes.Folder, "connection");
        SecretFile.Write(secret, database);
        foreach (var node in nodes.Network.Nodes)
        {
            var config = NodeConfigFile.Load(node.ConfigFile);
            NodeConfigFile.Save(config with { Organs = [.. config.Organs.Select(o => o with { ExemptTypes = ["Phiếu gửi"] })] }, node.ConfigFile);
        }

        var first = NodeConfigFile.Load(unit.ConfigFile) with { Storage = new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = secret } } };
        NodeConfigFile.Save(first, unit.ConfigFile);
        var address = new Uri($"https://127.0.0.1:{FreePorts.Take(1)[0]}");
        var second = unit with
        {
            Name = "unit-2", Address = address, ConfigFile = Path.Combine(nodes.Folder, "nodes", "unit-2.json"), LogFile = Path.Combine(nodes.Folder, "nodes", "unit-2.log"),
        };
        NodeConfigFile.Save(first with { Node = second.Name, Data = second.Name, Listen = address.ToString().TrimEnd('/') }, second.ConfigFile);
        return second;
    }
}
