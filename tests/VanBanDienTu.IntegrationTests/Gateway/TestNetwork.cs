using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A PKI over HTTP, keys of every kind of caller, and configurations of nodes that fit to them. One per test class.</summary>
public sealed class TestNetwork : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly List<IAsyncDisposable> nodes = [];

    public TestPki Pki { get; private set; } = null!;

    public SampleAuthority Authority => Pki.Authority;

    public async ValueTask InitializeAsync() => Pki = await TestPki.StartAsync(
    [
        .. SampleProfiles.Demo.Select(profile => profile with { Key = SampleKeyType.P256 }),
        .. SampleProfiles.Variants.Where(profile => profile.Kind == SampleKind.System),
        System("locked", "G97"),
        System("operator", "G22"),
        System("auditor", "G22"),
        System("expired-system", "G99") with { StartsIn = TimeSpan.FromDays(-10), ValidFor = TimeSpan.FromDays(2) },
        new("expired-node", SampleKind.Node, "Nút hết hạn", "Bộ Mẫu", "G99")
        {
            Key = SampleKeyType.P256, Variant = true, StartsIn = TimeSpan.FromDays(-10), ValidFor = TimeSpan.FromDays(2),
        },
    ]);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(nodes))
            await node.DisposeAsync();
        await Pki.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The government's node: two organs live there, so that one can try to reach the other's.</summary>
    public NodeConfig Government(string data) => Node("government", "G22", data) with
    {
        Organs = [Organ("G22"), Organ("H99")],
        Members =
        [
            Member("G22", "system-G22", MemberRole.System), Member("H99", "system-H99", MemberRole.System),
            Member("G99", "system-G99", MemberRole.System), // a member, but not of this node
            Member("G99", "node-ministry", MemberRole.Node), Member("G97", "locked", MemberRole.System) with { Locked = true },
            Member("G22", "operator", MemberRole.Operator), Member("G22", "auditor", MemberRole.Auditor),
            Member("G99", "expired-system", MemberRole.System), Member("G99.63", "foreign", MemberRole.System),
        ],
        Links = [Link("ministry", "G99", "https://127.0.0.1:1", "G99")],
    };

    public NodeConfig Node(string name, string organ, string data) => new()
    {
        Node = name,
        Organ = organ,
        Data = folder[data],
        Listen = "https://127.0.0.1:0",
        Tls = Key($"node-{name}"),
        Evidence = Key($"evidence-{name}"),
        Trust = new TrustConfig { Folder = Authority.TrustFolder, AllowSample = true, RevocationHosts = ["127.0.0.1"] },
        Retry = new RetryConfig { FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(1), Horizon = TimeSpan.FromDays(1) },
        Log = new LogConfig { Level = "Error" },
        BaseFolder = folder.Path,
    };

    /// <summary>An organ that may send slips («Phiếu gửi») without a personal signature.</summary>
    public OrganConfig Organ(string organ) => new()
    {
        Organ = organ,
        Name = SampleProfiles.Organs.Single(o => o.OrganId == organ).Name,
        Signing = new SigningConfig { Key = Authority.KeyFile($"organization-{organ}"), PasswordFile = Authority.PasswordFile },
        ExemptTypes = ["Phiếu gửi"],
    };

    public MemberConfig Member(string organ, string key, params MemberRole[] roles) =>
        new() { Organ = organ, Name = key, Certificates = [Sha256Of(key)], Roles = roles };

    public LinkConfig Link(string name, string organ, string address, params string[] routes) =>
        new() { Name = name, Organ = organ, Address = address, PeerCertificates = [Sha256Of($"node-{name}")], Routes = routes };

    public KeyConfig Key(string name) => new() { Key = Authority.KeyFile(name), PasswordFile = Authority.PasswordFile };

    public string Sha256Of(string key)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(Authority.KeyFile(key), Authority.Password);
        return certificate.GetCertHashString(global::System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
    }

    public string this[string name] => folder[name];

    public async Task<GatewayHost> StartAsync(NodeConfig config, string? configPath = null, TimeProvider? time = null)
    {
        var node = await GatewayHost.StartAsync(config, configPath, new GatewayOptions { Time = time ?? TimeProvider.System }, CancellationToken.None);
        nodes.Add(node);
        return node;
    }

    /// <summary>A channel that shows this key's certificate; null shows none. The node's certificate must be of our nodes' authority.</summary>
    public GrpcChannel Channel(string address, string? key, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        var tls = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == Authority.Issuers[^1].ToX509().Subject,
        };
        if (key is not null)
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(Authority.KeyFile(key), Authority.Password);
            var leaf = all.First(c => c.HasPrivateKey);
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(leaf, all, offline: true);
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls, ConnectCallback = connect }, DisposeHttpClient = true });
    }

    private static SampleProfile System(string name, string organ) =>
        new(name, SampleKind.System, $"QLVB {name}", "Cơ quan thử", organ) { Key = SampleKeyType.P256, Variant = true };
}
