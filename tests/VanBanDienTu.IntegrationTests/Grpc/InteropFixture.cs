using Grpc.Net.Client;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>Our server, the peers' servers and the peers' clients: each started once for all cases.</summary>
public sealed class InteropFixture : IAsyncLifetime
{
    private static readonly (string Name, string Program, string Script)[] Peers =
    [
        ("grpcio", "/usr/bin/python3", "peer.py"),
        ("grpc-js", "node", "peer.js"),
    ];

    private readonly List<InteropPeer> processes = [];
    private readonly Dictionary<string, GrpcChannel> servers = [];
    private readonly Dictionary<string, InteropPeer> clients = [];
    private GrpcHost? ours;

    public async ValueTask InitializeAsync()
    {
        ours = await GrpcHost.StartAsync<TestServiceImpl>(options => options.ResponseCompressionAlgorithm = "gzip");
        foreach (var (name, program, script) in Peers)
        {
            var (server, port) = await InteropPeer.ServeAsync(program, script);
            processes.Add(server);
            servers[name] = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
            clients[name] = InteropPeer.Connect(program, script, ours.Address.Port);
            processes.Add(clients[name]);
        }
    }

    public GrpcChannel ServerOf(string peer) => servers[peer];

    internal InteropPeer ClientOf(string peer) => clients[peer];

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in servers.Values)
            channel.Dispose();
        foreach (var process in processes)
            process.Dispose();
        if (ours is not null)
            await ours.DisposeAsync();
    }
}
