using System.Globalization;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Nodes;

/// <summary>The sample network as three real processes in a temporary folder, with its PKI served by this test.</summary>
internal sealed class ThreeNodes : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private readonly Dictionary<string, NodeProcess> running = new(StringComparer.Ordinal);
    private readonly List<NodeConnection> connections = [];
    private PkiServer? pki;

    private ThreeNodes(SampleAuthority authority, SampleNetwork network) => (Authority, Network) = (authority, network);

    public SampleAuthority Authority { get; }

    public SampleNetwork Network { get; }

    /// <summary>Of the nodes that are started from now on.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Folder => Network.TrustFolder[..^"/trust".Length];

    /// <summary>Makes PKI and configurations; no node runs yet.</summary>
    public static async Task<ThreeNodes> CreateAsync(RetryConfig? retry = null)
    {
        var temporary = Directory.CreateTempSubdirectory("vbdt-nodes-").FullName;
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        var authority = SampleAuthority.Init(Path.Combine(temporary, "pki"), new SampleAuthorityOptions { BaseUrl = url, Profiles = SampleNetwork.Profiles });
        var quick = retry ?? new RetryConfig { FirstDelay = TimeSpan.FromMilliseconds(500), LongestDelay = TimeSpan.FromSeconds(3) };
        return new ThreeNodes(authority, SampleNetwork.Create(temporary, authority, quick)) { pki = await PkiServer.StartAsync(authority) };
    }

    public Task StartAllAsync(CancellationToken ct = default) => Task.WhenAll(Network.Nodes.Select(n => StartAsync(n, ct)));

    /// <param name="own">Environment of this node alone.</param>
    public async Task StartAsync(SampleNode node, CancellationToken ct = default, IEnumerable<KeyValuePair<string, string>>? own = null)
    {
        var started = await NodeProcess.StartAsync(node.ConfigFile, node.LogFile, StartPatience, ct, Environment.Concat(own ?? []));
        lock (running) running[node.Name] = started;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync(SampleNode node) => Take(node).StopAsync();

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task KillAsync(SampleNode node) => Take(node).KillAsync();

    /// <summary>SIGSTOP: it holds its lines and answers nothing, until <see cref="Thaw"/>.</summary>
    public void Freeze(SampleNode node) => Signal("STOP", node);

    public void Thaw(SampleNode node) => Signal("CONT", node);

    public int ProcessIdOf(SampleNode node)
    {
        lock (running) return running[node.Name].Id;
    }

    /// <summary>A connection as an organ's document-management system; it outlives restarts of the node.</summary>
    public NodeConnection SystemOf(string organ) => Connect(Network.SystemOf(organ));

    public NodeConnection Connect(NodeAddress to) => Keep(NodeConnection.Open(to, TimeProvider.System));

    /// <summary>A connection as the auditor, who also operates the node.</summary>
    public NodeConnection AuditorOf(SampleNode node) => Connect(Network.AuditorOf(node));

    /// <summary>A sample PDF with a person's signature, ready to be sent.</summary>
    /// <param name="sample">cong-van, quyet-dinh or bao-cao.</param>
    public async Task<string> SignedByPersonAsync(string sample = "cong-van")
    {
        var blank = Path.Combine(Folder, $"{sample}-{Guid.NewGuid():N}.blank.pdf");
        var signed = blank.Replace(".blank.pdf", ".pdf", StringComparison.Ordinal);
        SamplePdfs.Write(sample, blank);
        using var key = Pkcs12Key.Load(Authority.KeyFile(DemoDrafts.Person), Authority.Password);
        await new PdfSigner(TimeProvider.System).SignAsync(blank, signed, key, new SignatureRequest());
        File.Delete(blank);
        return signed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections) connection.Dispose();
        await Task.WhenAll(running.Values.Select(p => p.DisposeAsync().AsTask()));
        if (pki is not null) await pki.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Signal(string name, SampleNode node) =>
        Assert.Equal(0, ExternalTool.Run("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {ProcessIdOf(node)}")).ExitCode);

    private NodeProcess Take(SampleNode node)
    {
        lock (running)
        {
            running.Remove(node.Name, out var process);
            return process ?? throw new InvalidOperationException($"{node.Name} does not run.");
        }
    }

    private NodeConnection Keep(NodeConnection connection)
    {
        lock (connections) connections.Add(connection);
        return connection;
    }
}
