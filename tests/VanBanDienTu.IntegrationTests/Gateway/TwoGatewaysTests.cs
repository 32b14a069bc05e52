using System.Diagnostics;
using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Two gateways of the ministry as processes of their own on one PostgreSQL, the government's node behind them.</summary>
public sealed class TwoGatewaysTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_thousand_times_the_same_message_and_a_gateway_killed_in_the_middle_of_others_nothing_is_lost_or_doubled()
    {
        using var server = PostgresServer.Start();
        var secret = network["connection"];
        await File.WriteAllTextAsync(secret, server.NewDatabase());
        var government = await network.StartAsync(network.Government("cluster-government"));
        await using var one = await GatewayProcess.StartAsync(Ministry("one", secret, government.Address), network["one.json"]);
        await using var two = await GatewayProcess.StartAsync(Ministry("two", secret, government.Address), network["two.json"]);
        using var toOne = network.Channel(one.Address, "node-unit");
        using var toTwo = network.Channel(two.Address, "node-unit");
        AxisLinkService.AxisLinkServiceClient[] clients = [new(toOne), new(toTwo)];

        var bytes = RandomNumberGenerator.GetBytes(2_000);
        var same = LinkTests.Message(bytes, "G22", "G99.63");
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => LinkTests.DeliverAsync(clients[i % 2], same, bytes)));
        Assert.All(answers, answer => Assert.True(answer.Accepted, answer.Reason?.En));
        Assert.Single(answers.Select(answer => answer.Receipt).Distinct());

        // Large enough for chunks in the database; each goes to one gateway, and to the other when there is no answer.
        var sending = Enumerable.Range(0, 60).Select(async i =>
        {
            var large = RandomNumberGenerator.GetBytes(100_000);
            var header = LinkTests.Message(large, "G22", "G99.63");
            await Task.Delay(i * 15);
            try
            {
                return await LinkTests.DeliverAsync(clients[i % 2], header, large);
            }
            catch (RpcException)
            {
                return await LinkTests.DeliverAsync(clients[1], header, large);
            }
        }).ToList();
        await Task.Delay(450);
        one.Kill();
        var takenOver = TakenOverAsync(server, Database(secret));
        Assert.All(await Task.WhenAll(sending), answer => Assert.True(answer.Accepted, answer.Reason?.En));

        using var recipient = new UnitClient(network.Channel(government.Address, "system-G22"));
        var arrived = 0;
        for (var patience = new Patience(); patience.Lasts && arrived < 61;)
        {
            arrived = (await recipient.Incoming.ListAsync(new ListIncomingRequest { PageSize = 500 })).Documents.Count;
            await Task.Delay(100);
        }

        Assert.Equal(61, arrived);
        TestContext.Current.SendDiagnosticMessage($"taken over after {await takenOver}");
        Assert.InRange(await takenOver, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)); // 4 to 8 where nothing else runs
        Assert.Equal("61|61", server.Query(Database(secret), "SELECT COUNT(*), COUNT(DISTINCT message_id) FROM arrival"));
        var left = "";
        for (var patience = new Patience(); patience.Lasts && left != "two|0";)
        {
            left = server.Query(Database(secret), "SELECT string_agg(name, ','), (SELECT COUNT(*) FROM outbox) FROM node WHERE alive_until > 0");
            await Task.Delay(100);
        }

        Assert.Equal("two|0", left); // the dead one's lease is over, and nothing waits
    }

    /// <summary>How long the other gateway took to see that the first is dead.</summary>
    private static Task<TimeSpan> TakenOverAsync(PostgresServer server, string database) => Task.Run(async () =>
    {
        var killed = Stopwatch.StartNew();
        for (var patience = new Patience(); patience.Lasts && server.Query(database, "SELECT alive_until FROM node WHERE name = 'one'") != "0";)
            await Task.Delay(100);
        return killed.Elapsed;
    });

    private static string Database(string secret) => File.ReadAllText(secret);

    private NodeConfig Ministry(string name, string secret, string government) => network.Node("ministry", "G99", name) with
    {
        Node = name,
        Storage = new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = secret } },
        Members = [network.Member("G99.63", "node-unit", MemberRole.Node)],
        Links = [network.Link("government", "G22", government, "*")],
    };

    private sealed class GatewayProcess : IAsyncDisposable
    {
        private readonly Process process;

        private GatewayProcess(Process process, string address) => (this.process, Address) = (process, address);

        public string Address { get; }

        public static async Task<GatewayProcess> StartAsync(NodeConfig config, string file)
        {
            NodeConfigFile.Save(config, file);
            var started = ProcessTests.Start(file);
            var ready = await started.StandardOutput.ReadLineAsync();
            return new GatewayProcess(started, ready?.Split(' ')[2] ?? throw new InvalidOperationException(await started.StandardError.ReadToEndAsync()));
        }

        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
