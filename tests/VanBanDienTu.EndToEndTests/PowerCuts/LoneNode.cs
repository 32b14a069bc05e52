using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>The unit's node alone, on a port and in a watched folder of its own.</summary>
internal sealed class LoneNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Recording recording;
    private readonly SampleNode node;
    private readonly NodeConnection system;
    private NodeProcess? process;

    public LoneNode(Recording recording, string name)
    {
        this.recording = recording;
        var network = recording.Nodes.Network;
        var nodes = Path.GetDirectoryName(network.Unit.ConfigFile)!;
        node = network.Unit with { ConfigFile = Path.Combine(nodes, name + ".json"), LogFile = Path.Combine(nodes, name + ".log") };
        var address = $"https://127.0.0.1:{FreePorts.Take(1)[0]}";
        NodeConfigFile.Save(NodeConfigFile.Load(network.Unit.ConfigFile) with { Data = name, Listen = address }, node.ConfigFile);
        Watch = new DiskWatch(Path.Combine(nodes, name), recording.Nodes.Folder);
        system = NodeConnection.Open(network.SystemOf(SampleNetwork.UnitOrgan) with { Node = new Uri(address) }, TimeProvider.System);
    }

    public DiskWatch Watch { get; }

    public bool Runs => process is { HasExited: false };

    public bool Said(string words) => System.IO.File.Exists(node.LogFile) && System.IO.File.ReadLines(node.LogFile).Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <exception cref="VanBanDienTu.Cli.Terminals.CommandException">It did not become ready.</exception>
    public async Task StartAsync(CancellationToken ct) =>
        process = await NodeProcess.StartAsync(node.ConfigFile, node.LogFile, Patience, ct, Watch.Environment);

    /// <summary>The same node in this process, on a folder that a power cut left.</summary>
    public Task<GatewayHost> StartOnAsync(string folder, CancellationToken ct) => GatewayHost.StartAsync(
        NodeConfigFile.Load(node.ConfigFile) with { Data = folder, Log = new LogConfig { Level = "Error" } }, null, new GatewayOptions(), ct);

    public Task<SubmitResponse> SubmitAsync(string request, IReadOnlyList<string> files, CancellationToken ct) =>
        DocumentUpload.SendAsync(system, RecordedSystems.Header(request, request.GetHashCode(StringComparison.Ordinal) & 0xFFFF, [SampleNetwork.MinistryOrgan]), files, ct);

    /// <summary>Reads everything that the node keeps about a document, its files too.</summary>
    public Task<long> ReadBackAsync(string documentId, CancellationToken ct) => EvidenceFiles.WriteBundleAsync(
        system, new GetBundleRequest { DocumentId = documentId }, Path.Combine(recording.Nodes.Folder, $"{Path.GetFileNameWithoutExtension(node.ConfigFile)}-{Guid.NewGuid():N}.asice"), ct);

    /// <summary>An attachment of that size, of the same bytes for the same number; none for 0.</summary>
    public IEnumerable<string> File(int size, int number = 0)
    {
        if (size == 0) yield break;
        var path = Path.Combine(recording.Nodes.Folder, $"phu-luc-{size}-{number}.xlsx");
        if (!System.IO.File.Exists(path))
        {
            var bytes = new byte[size];
            new Random(size + number).NextBytes(bytes);
            var temporary = $"{path}.{Guid.NewGuid():N}";
            System.IO.File.WriteAllBytes(temporary, bytes);
            System.IO.File.Move(temporary, path, overwrite: true);
        }
        yield return path;
    }

    public async Task KillAsync()
    {
        if (process is null) return;
        await process.KillAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public async Task EndsAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        while (Runs) await Task.Delay(20, limit.Token);
        await KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        system.Dispose();
    }
}
