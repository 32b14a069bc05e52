using VanBanDienTu.Cli.Client;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Nodes;

/// <summary>
/// Three nodes in a folder, with everything they need to run: unit (G99.63) ↔ ministry (G99, hub and own organ) ↔ government
/// (G22, hub; also hosts the province H99). For the demonstration and for tests.
/// </summary>
/// <remarks>Layout: <c>trust/root.pem</c>, <c>nodes/NAME.json</c>, <c>nodes/NAME/</c> (data) and <c>nodes/NAME.log</c>;
/// keys stay in the authority's folder, which must lie below the same root.</remarks>
internal sealed class SampleNetwork
{
    public const string UnitOrgan = "G99.63";
    public const string MinistryOrgan = "G99";
    public const string GovernmentOrgan = "G22";
    public const string ProvinceOrgan = "H99";
    private const string Auditor = "auditor-G22";
    private const string SealFile = "con-dau.png";

    private readonly SampleAuthority authority;
    private readonly string root;
    private readonly RetryConfig retry;
    private bool hasSeal;

    private SampleNetwork(string root, SampleAuthority authority, RetryConfig retry, int[] ports)
    {
        this.root = root;
        this.authority = authority;
        this.retry = retry;
        Unit = Node("unit", UnitOrgan, ports[0]);
        Ministry = Node("ministry", MinistryOrgan, ports[1]);
        Government = Node("government", GovernmentOrgan, ports[2]);
    }

    public SampleNode Unit { get; }

    public SampleNode Ministry { get; }

    public SampleNode Government { get; }

    public IReadOnlyList<SampleNode> Nodes => [Unit, Ministry, Government];

    public string TrustFolder => Path.Combine(root, "trust");

    /// <summary>The keys that the network needs; pass them to <see cref="SampleAuthority.Init"/>.</summary>
    public static IReadOnlyList<SampleProfile> Profiles { get; } =
    [
        .. SampleProfiles.Demo,
        new SampleProfile(Auditor, SampleKind.System, "Thanh tra mẫu", "Văn phòng Chính phủ (mẫu)", GovernmentOrgan) { Key = SampleKeyType.P256 },
    ];

    /// <summary>Writes the three configurations, on ports that are free now.</summary>
    /// <param name="root">Receives them.</param>
    /// <param name="authority">Issued their keys.</param>
    /// <param name="retry">Of all three.</param>
    /// <param name="seal">The picture of their organs' seals; null for signatures that are not seen.</param>
    public static SampleNetwork Create(string root, SampleAuthority authority, RetryConfig retry, byte[]? seal = null)
    {
        var network = new SampleNetwork(Path.GetFullPath(root), authority, retry, FreePorts.Take(3)) { hasSeal = seal is not null };
        Directory.CreateDirectory(network.TrustFolder);
        Directory.CreateDirectory(Path.Combine(network.root, "nodes"));
        File.Copy(Path.Combine(authority.TrustFolder, "root.pem"), Path.Combine(network.TrustFolder, "root.pem"), overwrite: true);
        if (seal is not null)
            File.WriteAllBytes(Path.Combine(network.root, "nodes", SealFile), seal);
        network.WriteUnit();
        network.WriteMinistry();
        network.WriteGovernment();
        return network;
    }

    public SampleNode NodeOf(string organ) => organ switch
    {
        UnitOrgan => Unit,
        MinistryOrgan => Ministry,
        _ => Government,
    };

    /// <summary>How the document-management system of an organ calls its node.</summary>
    public NodeAddress SystemOf(string organ) => Caller(NodeOf(organ), $"system-{organ}");

    /// <summary>How the auditor, who also operates the sample nodes, calls a node.</summary>
    public NodeAddress AuditorOf(SampleNode node) => Caller(node, Auditor);

    private void WriteUnit() => Save(Unit, NodeRole.Unit,
        [Organ(UnitOrgan, exempt: ["Phiếu gửi"])],
        [System(UnitOrgan), Peer(Ministry)],
        [Link(Ministry, "*")]);

    private void WriteMinistry() => Save(Ministry, NodeRole.Both,
        [Organ(MinistryOrgan)],
        [System(MinistryOrgan), Peer(Unit), Peer(Government)],
        [Link(Unit, UnitOrgan), Link(Government, "*")]);

    private void WriteGovernment() => Save(Government, NodeRole.Both,
        [Organ(GovernmentOrgan), Organ(ProvinceOrgan)],
        [System(GovernmentOrgan), System(ProvinceOrgan), Peer(Ministry)],
        [Link(Ministry, MinistryOrgan)]);

    private void Save(SampleNode node, NodeRole role, OrganConfig[] organs, MemberConfig[] members, LinkConfig[] links)
    {
        var config = new NodeConfig
        {
            Node = node.Name,
            Organ = node.Organ,
            Role = role,
            Data = node.Name,
            Listen = $"https://127.0.0.1:{node.Address.Port}",
            Tls = Key($"node-{node.Name}"),
            Evidence = Key($"evidence-{node.Name}"),
            Trust = new TrustConfig { Folder = "../trust", AllowSample = true, RevocationHosts = ["127.0.0.1"] },
            Organs = organs,
            Members = [.. members, Grant(GovernmentOrgan, "Thanh tra mẫu", Auditor, MemberRole.Auditor, MemberRole.Operator)],
            Links = links,
            Retry = retry,
        };
        NodeConfigFile.Save(config, node.ConfigFile);
    }

    private SampleNode Node(string name, string organ, int port)
    {
        var file = Path.Combine(root, "nodes", name);
        return new SampleNode(name, organ, file + ".json", file + ".log", new Uri($"https://127.0.0.1:{port}"));
    }

    private OrganConfig Organ(string organ, params string[] exempt) => new()
    {
        Organ = organ,
        Name = NameOf(organ),
        Signing = Seal($"organization-{organ}"),
        ExemptTypes = exempt,
    };

    private MemberConfig System(string organ) => Grant(organ, $"QLVB {NameOf(organ)}", $"system-{organ}", MemberRole.System);

    private MemberConfig Peer(SampleNode node) => Grant(node.Organ, $"Nút {node.Name}", $"node-{node.Name}", MemberRole.Node);

    private MemberConfig Grant(string organ, string name, string key, params MemberRole[] roles) => new()
    {
        Organ = organ, Name = name, Certificates = [Sha256Of(key)], Roles = roles,
    };

    private LinkConfig Link(SampleNode to, string route) => new()
    {
        Name = to.Name,
        Address = $"https://127.0.0.1:{to.Address.Port}",
        Organ = to.Organ,
        PeerCertificates = [Sha256Of($"node-{to.Name}")],
        Routes = [route],
    };

    /// <summary>Paths in a node's file are relative to that file.</summary>
    private KeyConfig Key(string name) => new()
    {
        Key = FromNodes(authority.KeyFile(name)),
        PasswordFile = FromNodes(authority.PasswordFile),
    };

    private SigningConfig Seal(string name) => new()
    {
        Key = FromNodes(authority.KeyFile(name)),
        PasswordFile = FromNodes(authority.PasswordFile),
        Image = hasSeal ? SealFile : null,
    };

    private string FromNodes(string path) => Path.GetRelativePath(Path.Combine(root, "nodes"), path);

    private NodeAddress Caller(SampleNode node, string key) =>
        new(node.Address, authority.KeyFile(key), authority.Password, TrustFolder, AllowSample: true);

    private string Sha256Of(string key)
    {
        using var opened = Pkcs12Key.Load(authority.KeyFile(key), authority.Password);
        return opened.Certificate.Sha256;
    }

    private static string NameOf(string organ) => SampleProfiles.Organs.Single(o => o.OrganId == organ).Name;
}
