using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>
/// The government's node under the keys of a recording, at the recording's time: its clock goes on from there, so that certificates and
/// dates are what they were, in whatever year the test runs.
/// </summary>
internal sealed class WireNode : IAsyncDisposable
{
    public const string Neighbour = "node-ministry";
    public const string Unit = "system-H99";
    public const string NeighbourEvidence = "evidence-ministry";
    private static readonly string[] Keys = ["node-government", "evidence-government", "organization-H99", Neighbour, NeighbourEvidence, Unit];

    private readonly TemporaryFolder data = new();
    private readonly string pki;
    private GatewayHost? host;

    private WireNode(string recording) => pki = Path.Combine(recording, "pki");

    public string Address => host!.Address;

    /// <summary>Makes the keys that a recording lives with, none other.</summary>
    public static void WriteKeys(string recording)
    {
        using var folder = new TemporaryFolder();
        var profiles = SampleProfiles.Demo.Where(p => Keys.Contains(p.Name, StringComparer.Ordinal)).Select(p => p with { Key = SampleKeyType.P256 });
        var authority = SampleAuthority.Init(folder["pki"], new SampleAuthorityOptions { BaseUrl = "http://127.0.0.1:1", Profiles = [.. profiles] });
        var (trust, keys) = (Path.Combine(recording, "pki", "trust"), Path.Combine(recording, "pki", "keys"));
        Directory.CreateDirectory(trust);
        Directory.CreateDirectory(keys);
        File.Copy(Path.Combine(authority.TrustFolder, "root.pem"), Path.Combine(trust, "root.pem"));
        File.WriteAllText(Path.Combine(recording, "pki", "password"), authority.Password);
        foreach (var key in Keys)
            File.Copy(authority.KeyFile(key), Path.Combine(keys, $"{key}.p12"));
    }

    public static async Task<WireNode> StartAsync(string recording, DateTimeOffset at)
    {
        var node = new WireNode(recording);
        node.host = await GatewayHost.StartAsync(node.Config(), null, new GatewayOptions { Time = new ClockFrom(at) }, CancellationToken.None);
        return node;
    }

    /// <summary>A line that shows this key's certificate.</summary>
    public SocketsHttpHandler LineOf(string caller)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(FileOf(caller), Password);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, _, _) => true, // its dates are those of the recording
                ClientCertificateContext = SslStreamCertificateContext.Create(all.First(c => c.HasPrivateKey), all, offline: true),
            },
        };
    }

    public Pkcs12Key Open(string key) => Pkcs12Key.Load(FileOf(key), Password);

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        data.Dispose();
    }

    private string Password => File.ReadAllText(Path.Combine(pki, "password"));

    private string FileOf(string key) => Path.Combine(pki, "keys", $"{key}.p12");

    private NodeConfig Config() => new()
    {
        Node = "government",
        Organ = "G22",
        Data = data["data"],
        Listen = "https://127.0.0.1:0",
        Tls = KeyOf("node-government"),
        Evidence = KeyOf("evidence-government"),
        Trust = new TrustConfig { Folder = Path.Combine(pki, "trust"), AllowSample = true, Offline = true },
        Organs = [new OrganConfig { Organ = "H99", Name = "UBND tỉnh Mẫu", Signing = new SigningConfig { Key = FileOf("organization-H99"), PasswordFile = Path.Combine(pki, "password") }, ExemptTypes = ["Phiếu gửi"] }],
        Members =
        [
            new MemberConfig { Organ = "H99", Name = "QLVB", Certificates = [Sha256Of(Unit)], Roles = [MemberRole.System] },
            new MemberConfig { Organ = "G99", Name = "Nút bộ", Certificates = [Sha256Of(Neighbour)], Roles = [MemberRole.Node] },
        ],
        Links = [new LinkConfig { Name = "ministry", Organ = "G99", Address = "https://127.0.0.1:1", PeerCertificates = [Sha256Of(Neighbour)], Routes = ["G99"] }],
        Log = new LogConfig { Level = "Error" },
        BaseFolder = data.Path,
    };

    private KeyConfig KeyOf(string name) => new() { Key = FileOf(name), PasswordFile = Path.Combine(pki, "password") };

    private string Sha256Of(string key)
    {
        using var opened = Open(key);
        return opened.Certificate.Sha256;
    }

    private sealed class ClockFrom(DateTimeOffset start) : TimeProvider
    {
        private readonly long began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
    }
}
