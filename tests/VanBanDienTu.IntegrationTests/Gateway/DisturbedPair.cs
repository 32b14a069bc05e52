using System.Security.Cryptography;
using Grpc.Core;
using Npgsql;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>
/// The ministry's node and the government's, each on a database of one PostgreSQL. Whatever the ministry's node asks of others goes
/// through a line that can be disturbed, and so does the confirming call of the recipient's system.
/// </summary>
internal sealed class DisturbedPair : IAsyncDisposable
{
    private const string SenderOrgan = "G99";
    private const string RecipientOrgan = "H99";

    private readonly PostgresServer server;
    private readonly Dictionary<string, string> databases = new(StringComparer.Ordinal);
    private readonly byte[] pdf;
    private readonly List<IAsyncDisposable> nodes = [];
    private UnitClient disturbed = null!;
    private TcpProxy own = null!;

    private DisturbedPair(PostgresServer server, byte[] pdf) => (this.server, this.pdf) = (server, pdf);

    public TcpProxy Timestamps { get; private set; } = null!;

    public TcpProxy Revocation { get; private set; } = null!;

    public TcpProxy Storage { get; private set; } = null!;

    public TcpProxy Link { get; private set; } = null!;

    public UnitClient Sender { get; private set; } = null!;

    /// <summary>Past every disturbance.</summary>
    public UnitClient Recipient { get; private set; } = null!;

    public static async Task<DisturbedPair> StartAsync(TestNetwork network, PostgresServer server, string name, CancellationToken ct)
    {
        var pair = new DisturbedPair(server, await File.ReadAllBytesAsync(Samples.CongVan, ct));
        await pair.RunAsync(network, name);
        return pair;
    }

    public Task<SubmitResponse> SubmitAsync(string number, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var header = UnitClient.Slip(number, RecipientOrgan);
        header.Document.Number = number;
        return Sender.SubmitAsync(header, pdf);
    }

    /// <summary>One document goes the whole way.</summary>
    public async Task WarmUpAsync(CancellationToken ct)
    {
        var first = await SubmitAsync("1", ct);
        await ConfirmAsync(await Recipient.ArrivedAsync(first.EdxmlDocumentId), Weather.Clear, ct);
        await WaitAsync(first.DocumentId, d => d.Deliveries is [{ State: "Arrived" }], ct);
    }

    /// <summary>Fetches, then confirms over the recipient's line; what the weather spoils is done again over another.</summary>
    public async Task ConfirmAsync(IncomingDocument arrived, Weather weather, CancellationToken ct)
    {
        var (_, bytes) = await disturbed.FetchAsync(arrived.IncomingId);
        var confirm = new ConfirmFetchRequest { IncomingId = arrived.IncomingId, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        own.Turn(weather);
        if (weather != Weather.Clear)
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var lost = disturbed.Incoming.ConfirmFetchAsync(confirm, cancellationToken: giveUp.Token).ResponseAsync;
            if (weather == Weather.AnswersLost) // the caller's patience ends once it took effect, not after so many seconds
            {
                for (var patience = new Patience(); !await ConfirmedAsync(); await Task.Delay(50, ct))
                    Assert.True(patience.Lasts, "the confirmation did not come through");
                await giveUp.CancelAsync();
            }
            await Assert.ThrowsAsync<RpcException>(() => lost);
            Assert.Equal(weather == Weather.AnswersLost, await ConfirmedAsync());
            own.Turn(Weather.Clear);
        }
        var answer = await Recipient.Incoming.ConfirmFetchAsync(confirm, cancellationToken: ct);
        Assert.Equal(answer, await Recipient.Incoming.ConfirmFetchAsync(confirm, cancellationToken: ct));

        async Task<bool> ConfirmedAsync() =>
            (await Recipient.Incoming.GetAsync(new GetIncomingRequest { IncomingId = arrived.IncomingId }, cancellationToken: ct)).Confirmed;
    }

    public async Task<OutgoingDocument> WaitAsync(string documentId, Func<OutgoingDocument, bool> until, CancellationToken ct)
    {
        for (var patience = new Patience(); ;)
        {
            var document = await Sender.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId }, cancellationToken: ct);
            if (until(document))
                return document;
            Assert.True(patience.Lasts, $"still {document}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>How many rows of this document the node that has such rows keeps.</summary>
    public string Count(string table, string edxmlDocumentId) =>
        server.Query(databases[table == "document" ? "ministry" : "government"], $"SELECT COUNT(*) FROM {table} WHERE edxml_id = '{edxmlDocumentId}'");

    public async ValueTask DisposeAsync()
    {
        disturbed.Dispose();
        Sender.Dispose();
        Recipient.Dispose();
        foreach (var node in nodes)
            await node.DisposeAsync();
        foreach (var line in (TcpProxy[])[Timestamps, Revocation, Storage, Link, own])
            await line.DisposeAsync();
    }

    private async Task RunAsync(TestNetwork network, string name)
    {
        var authority = new Uri(network.Authority.BaseUrl);
        var ministryPort = FreePort.Take();
        var government = await network.StartAsync(network.Government(name + "-government") with
        {
            Storage = Database(network, name, "government", port: null),
            Links = [network.Link("ministry", SenderOrgan, $"https://127.0.0.1:{ministryPort}", SenderOrgan)],
        });
        var governmentPort = new Uri(government.Address).Port;
        (Timestamps, Revocation) = (TcpProxy.Start(authority.Port), TcpProxy.Start(authority.Port));
        (Link, own, Storage) = (TcpProxy.Start(governmentPort), TcpProxy.Start(governmentPort), TcpProxy.StartBefore(server.Socket));
        var organ = network.Organ(SenderOrgan);
        var config = network.Node("ministry", SenderOrgan, name + "-ministry");
        var ministry = await network.StartAsync(config with
        {
            Listen = $"https://127.0.0.1:{ministryPort}",
            Storage = Database(network, name, "ministry", Storage.Port),
            Organs = [organ with { Signing = organ.Signing! with { Level = "B-LT" } }],
            Members = [network.Member(SenderOrgan, "system-G99", MemberRole.System), network.Member("G22", "node-government", MemberRole.Node)],
            Links = [network.Link("government", "G22", $"https://127.0.0.1:{Link.Port}", "*")],
            Timestamps = new TimestampConfig
            {
                Authorities = [$"http://127.0.0.1:{Timestamps.Port}/tsa"], Timeout = TimeSpan.FromSeconds(4), BreakDuration = TimeSpan.FromSeconds(0.5),
            },
            Trust = config.Trust with
            {
                RevocationRewrites = [$"{network.Authority.BaseUrl}=http://127.0.0.1:{Revocation.Port}"],
                RevocationTimeout = TimeSpan.FromSeconds(4),
                RevocationPause = TimeSpan.FromSeconds(0.2),
            },
        });
        nodes.AddRange([ministry, government]);
        Sender = new UnitClient(network.Channel(ministry.Address, "system-G99"));
        Recipient = new UnitClient(network.Channel(government.Address, "system-H99"));
        disturbed = new UnitClient(network.Channel($"https://127.0.0.1:{own.Port}", "system-H99"));
    }

    /// <param name="port">On which the server is reached instead of over its own socket.</param>
    private StorageConfig Database(TestNetwork network, string name, string node, int? port)
    {
        databases[node] = server.NewDatabase();
        var connection = new NpgsqlConnectionStringBuilder(databases[node]);
        if (port is { } own)
            (connection.Host, connection.Port) = ("127.0.0.1", own);
        var file = network[$"{name}-{node}.connection"];
        File.WriteAllText(file, connection.ToString());
        return new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = file } };
    }
}
