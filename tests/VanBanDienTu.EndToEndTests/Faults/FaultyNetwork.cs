using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>
/// unit – hub – recipient as real processes, every line between two of them through a proxy, every wall clock and every disk apart; on
/// SQLite, or on one PostgreSQL server with two gateways for the unit and for the hub.
/// </summary>
internal sealed class FaultyNetwork : IAsyncDisposable
{
    private const string DiskSize = "256m";

    /// <summary>Three databases that hold the payloads too, of as many documents as a fast machine sends during a hundred faults.</summary>
    private const string ServerDiskSize = "1536m";

    private static readonly TimeSpan AuthorityPatience = TimeSpan.FromSeconds(2);
    private static readonly RetryConfig Retry = new() { FirstDelay = TimeSpan.FromMilliseconds(300), LongestDelay = TimeSpan.FromSeconds(2) };

    private readonly string folder;
    private readonly SampleNetwork sample;
    private readonly Dictionary<string, TcpProxy> lines = new(StringComparer.Ordinal);
    private readonly List<FaultyGateway> gateways = [];
    private readonly Dictionary<string, string> databases = new(StringComparer.Ordinal); // by node of the sample network
    private PkiServer? authority;
    private SmallDisk? serverDisk;
    private ShiftedClock? serverClock;

    private FaultyNetwork(string folder, SampleAuthority keys, SampleNetwork sample) => (this.folder, Keys, this.sample) = (folder, keys, sample);

    public SampleAuthority Keys { get; }

    public string Folder => folder;

    public string TrustFolder => sample.TrustFolder;

    public IReadOnlyList<FaultyGateway> Gateways => gateways;

    /// <summary>By name: "unit-ministry" is the line on which the unit calls the ministry; "client-unit" that of the unit's own system.</summary>
    public IReadOnlyDictionary<string, TcpProxy> Lines => lines;

    public PostgresServer? Server { get; private set; }

    public ShiftedClock? ServerClock => serverClock;

    public SmallDisk? ServerDisk => serverDisk;

    /// <summary>Why no disk can be filled here; null when they can.</summary>
    public string? NoDisks { get; private set; }

    /// <summary>The nodes whose databases hold evidence: unit, ministry, government.</summary>
    public IReadOnlyCollection<string> Databases => databases.Keys;

    /// <summary>Kept after <see cref="DisposeAsync"/>, for who looks for the cause.</summary>
    public bool KeepFolder { get; set; }

    public static async Task<FaultyNetwork> StartAsync(bool postgres, CancellationToken ct)
    {
        var place = Directory.CreateTempSubdirectory("vbdt-faults-").FullName;
        var keys = NewKeys(place);
        var network = new FaultyNetwork(place, keys, SampleNetwork.Create(place, keys, Retry));
        try
        {
            await network.SwitchAuthorityAsync(on: true);
            if (postgres) network.StartServer();
            network.Write(postgres);
            foreach (var gateway in network.gateways) gateway.Begin();
            await Task.WhenAll(network.gateways.Select(g => g.RunsAsync(TimeSpan.FromMinutes(2), ct)));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>How an organ's system reaches its node: through a line of its own.</summary>
    public NodeAddress SystemOf(string organ)
    {
        var node = sample.NodeOf(organ);
        return sample.SystemOf(organ) with { Node = Local(lines[$"client-{node.Name}"].Port) };
    }

    /// <summary>How a node reaches a gateway of another, past the proxy: for replays on the link.</summary>
    public NodeAddress PeerOf(string caller, string node) => new(
        Local(lines[$"{caller}-{node}"].Port), Keys.KeyFile($"node-{caller}"), Keys.Password, TrustFolder, AllowSample: true);

    /// <summary>OCSP, CRLs and timestamps.</summary>
    public async Task SwitchAuthorityAsync(bool on)
    {
        if (authority is { } running && !on)
        {
            authority = null;
            await running.DisposeAsync();
        }
        else if (authority is null && on)
        {
            authority = await PkiServer.StartAsync(Keys);
        }
    }

    public IReadOnlyList<FaultyGateway> GatewaysOf(string node) => [.. gateways.Where(g => g.Name.StartsWith(node, StringComparison.Ordinal))];

    /// <summary>A database as it is on the disk, past its nodes; null while it may not be touched, since they are starting or gone.</summary>
    public async Task<DbConnection?> OpenDatabaseAsync(string node, CancellationToken ct)
    {
        DbConnection? connection = null;
        try
        {
            if (Server is not null)
                connection = new NpgsqlConnection(databases[node]);
            else if (GatewaysOf(node).All(g => g.Runs))
                connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = databases[node], Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            if (connection is not null) await connection.OpenAsync(ct);
            return connection;
        }
        catch (DbException)
        {
            if (connection is not null) await connection.DisposeAsync();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways) gateway.Keep = KeepFolder;
        await Task.WhenAll(gateways.Select(g => g.DisposeAsync().AsTask()));
        foreach (var line in lines.Values) await line.DisposeAsync();
        await SwitchAuthorityAsync(on: false);
        NpgsqlConnection.ClearAllPools();
        if (KeepFolder && Server is not null) ExternalTool.Run("cp", "-r", Path.Combine(folder, "server"), Path.Combine(folder, "server.kept"));
        Server?.Dispose();
        serverClock?.Dispose();
        serverDisk?.Dispose();
        if (!KeepFolder) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Keys some days older than today, so that a clock that jumps back still finds them valid.</summary>
    private static SampleAuthority NewKeys(string folder)
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        var pki = Path.Combine(folder, "pki");
        SampleAuthority.Init(pki, new SampleAuthorityOptions { BaseUrl = url, Profiles = SampleNetwork.Profiles }, new SomeDaysAgo());
        return SampleAuthority.Open(pki);
    }

    private void StartServer()
    {
        var place = Path.Combine(folder, "server");
        serverDisk = SmallDisk.TryMount(place, ServerDiskSize, out var why);
        NoDisks = serverDisk is null ? why : null;
        if (Environment.IsPrivilegedProcess) ExternalTool.Run("chmod", "755", folder);
        Server = PostgresServer.StartIn(Directory.CreateDirectory(Path.Combine(place, "pg")).FullName, "max_wal_size=96MB", "min_wal_size=32MB", "max_connections=200");
        serverClock = new ShiftedClock(Path.Combine(place, "clock"));
        Server.Environment = serverClock.Environment;
        Server.Kill();
        Server.Restart();
    }

    private void Write(bool postgres)
    {
        var plan = sample.Nodes.ToDictionary(n => n.Name, n => Ports(n, postgres && n != sample.Government ? 2 : 1), StringComparer.Ordinal);
        var configs = sample.Nodes.ToDictionary(n => n.Name, n => NodeConfigFile.Load(n.ConfigFile), StringComparer.Ordinal);
        foreach (var (name, config) in configs)
        {
            lines[$"client-{name}"] = TcpProxy.Start(plan[name]);
            foreach (var link in config.Links) lines[$"{name}-{link.Name}"] = TcpProxy.Start(plan[link.Name]);
            if (postgres) databases[name] = WriteSecret(name);
            for (var i = 0; i < plan[name].Count; i++)
            {
                var gateway = plan[name].Count == 1 ? name : $"{name}-{i + 1}";
                gateways.Add(Write(gateway, config, plan[name][i], postgres));
                if (!postgres) databases[name] = Path.Combine(folder, "nodes", gateway, "relay.db");
            }
        }
    }

    private FaultyGateway Write(string name, NodeConfig config, int port, bool postgres)
    {
        var nodes = Path.Combine(folder, "nodes");
        var file = Path.Combine(nodes, $"{name}.faults.json");
        var changed = config with
        {
            Node = name,
            Data = name,
            Listen = $"https://127.0.0.1:{port}",
            Storage = postgres ? new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = $"{config.Node}.connection" } } : null,
            Links = [.. config.Links.Select(l => l with { Address = Local(lines[$"{config.Node}-{l.Name}"].Port).ToString().TrimEnd('/') })],
            Organs = [.. config.Organs.Select(o => o with { Signing = o.Signing! with { Level = "B-T" } })],
            Timestamps = new TimestampConfig { Authorities = [Keys.TsaUrl], PrivateHosts = ["127.0.0.1"], Timeout = AuthorityPatience, BreakDuration = AuthorityPatience / 2 },
            Trust = config.Trust with { RevocationTimeout = AuthorityPatience, RevocationPause = AuthorityPatience / 2 },
            Limits = config.Limits with { MinFreeBytes = 8 << 20 },
        };
        NodeConfigFile.Save(changed, file);
        var disk = SmallDisk.TryMount(Path.Combine(nodes, name), DiskSize, out var why);
        NoDisks ??= disk is null ? why : null;
        return new FaultyGateway(name, file, Path.Combine(nodes, $"{name}.log"), new ShiftedClock(Path.Combine(nodes, $"{name}.clock")), disk);
    }

    private string WriteSecret(string node)
    {
        var connection = Server!.NewDatabase();
        var file = Path.Combine(folder, "nodes", $"{node}.connection");
        File.WriteAllText(file, connection);
        ExternalTool.Run("chmod", "600", file);
        return connection + ";Pooling=false;Timeout=2";
    }

    private static IReadOnlyList<int> Ports(SampleNode node, int count) => count == 1 ? [node.Address.Port] : [node.Address.Port, .. FreePorts.Take(count - 1)];

    private static Uri Local(int port) => new($"https://127.0.0.1:{port}");

    private sealed class SomeDaysAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-5);
    }
}
