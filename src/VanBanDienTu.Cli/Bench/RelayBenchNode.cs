using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The configuration of the node that is measured: the ministry's hub, between the unit's node and the government's.</summary>
internal static class RelayBenchNode
{
    /// <summary>Nobody listens where documents for this organ go.</summary>
    public const string DeadOrgan = SampleNetwork.ProvinceOrgan;

    /// <param name="folder">Of the node's data: on a real disk.</param>
    /// <param name="connectionFile">Of the PostgreSQL that holds its state; null = SQLite.</param>
    /// <param name="nextPort">Where the government's node listens, or nobody.</param>
    /// <param name="name">Gateways that share a database have different ones.</param>
    public static NodeConfig Configuration(string folder, SampleAuthority authority, int nextPort, string? connectionFile, string name = "ministry") => new()
    {
        Node = name,
        Organ = SampleNetwork.MinistryOrgan,
        Role = NodeRole.Hub,
        Data = $"data-{name}",
        Storage = connectionFile is null ? null : new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = connectionFile } },
        Listen = "https://127.0.0.1:0",
        Tls = Key(authority, "node-ministry"),
        Evidence = Key(authority, "evidence-ministry"),
        Trust = new TrustConfig { Folder = authority.TrustFolder, AllowSample = true, Offline = true },
        Members =
        [
            Peer(authority, SampleNetwork.UnitOrgan, "node-unit"),
            Peer(authority, SampleNetwork.GovernmentOrgan, "node-government"),
        ],
        Links =
        [
            new LinkConfig
            {
                Name = "government",
                Address = $"https://127.0.0.1:{nextPort}",
                PeerCertificates = [Sha256Of(authority, "node-government")],
                Routes = ["*"],
            },
            new LinkConfig { Name = "dead", Address = "https://127.0.0.1:1", PeerCertificates = [Sha256Of(authority, "node-unit")], Routes = [DeadOrgan] },
        ],
        Retry = new RetryConfig { FirstDelay = TimeSpan.FromSeconds(30) },
        Log = new LogConfig { Level = "Error" },
        BaseFolder = folder,
    };

    private static MemberConfig Peer(SampleAuthority authority, string organ, string key) => new()
    {
        Organ = organ, Name = key, Certificates = [Sha256Of(authority, key)], Roles = [MemberRole.Node],
    };

    private static KeyConfig Key(SampleAuthority authority, string name) => new() { Key = authority.KeyFile(name), PasswordFile = authority.PasswordFile };

    private static string Sha256Of(SampleAuthority authority, string name)
    {
        using var key = Pkcs12Key.Load(authority.KeyFile(name), authority.Password);
        return key.Certificate.Sha256;
    }
}
