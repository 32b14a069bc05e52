using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>
/// One real run under load, unit – hub – recipient, with everything that each node did to its disk and everything that the systems learned.
/// In the middle one node is stopped in order and another killed, so that the logs tell of restarts too.
/// </summary>
public sealed class Recording : IAsyncLifetime
{
    private readonly Dictionary<string, DiskWatch> watches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DiskLog> logs = new(StringComparer.Ordinal);
    private ThreeNodes? nodes;
    private RecordedSystems? systems;

    private static bool Long => Environment.GetEnvironmentVariable("VBDT_LONG") == "1";

    /// <summary>How many documents the unit sends; each goes to two recipients.</summary>
    private static int Documents => Long ? 60 : 24;

    internal ThreeNodes Nodes => nodes!;

    internal Timeline Timeline { get; } = new();

    internal RecordedSystems Systems => systems!;

    /// <summary>By the name of the node.</summary>
    internal IReadOnlyDictionary<string, DiskLog> Logs => logs;

    /// <summary>A folder that <c>vbdt incoming fetch</c> wrote into.</summary>
    internal DiskWatch Fetched { get; private set; } = null!; // InitializeAsync

    internal IReadOnlyList<string> FetchedFiles => FilesOf(Fetched);

    /// <summary>A folder that <c>vbdt sign</c> wrote into.</summary>
    internal DiskWatch Signed { get; private set; } = null!; // InitializeAsync

    internal IReadOnlyList<string> SignedFiles => FilesOf(Signed);

    internal long Begun { get; private set; }

    internal long Ended { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        nodes = await ThreeNodes.CreateAsync(new RetryConfig { FirstDelay = TimeSpan.FromMilliseconds(50), LongestDelay = TimeSpan.FromMilliseconds(500) });
        systems = new RecordedSystems(nodes, Timeline);
        foreach (var node in nodes.Network.Nodes)
            watches[node.Name] = new DiskWatch(Path.Combine(Path.GetDirectoryName(node.ConfigFile)!, node.Name), nodes.Folder);
        Begun = Timeline.Now;
        await Task.WhenAll(nodes.Network.Nodes.Select(n => StartAsync(n, limit.Token)));
        await RunAsync(limit.Token);
        Ended = Timeline.Now;
        await RunCommandsAsync();
        foreach (var node in nodes.Network.Nodes)
        {
            await nodes.KillAsync(node);
            logs[node.Name] = watches[node.Name].Read();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null) await nodes.DisposeAsync();
    }

    private Task StartAsync(SampleNode node, CancellationToken ct) => nodes!.StartAsync(node, ct, watches[node.Name].Environment);

    private async Task RunAsync(CancellationToken ct)
    {
        var pdf = await nodes!.SignedByPersonAsync();
        using var stop = new CancellationTokenSource();
        var receiving = RecordedSystems.Organs.Select(organ => systems!.ReceiveAsync(organ, stop.Token, ct)).ToList();
        await SendAsync(1, Documents / 2, pdf, ct);
        await nodes.StopAsync(nodes.Network.Unit);
        await nodes.KillAsync(nodes.Network.Ministry);
        await Task.WhenAll(StartAsync(nodes.Network.Unit, ct), StartAsync(nodes.Network.Ministry, ct));
        await SendAsync((Documents / 2) + 1, Documents, pdf, ct);
        await stop.CancelAsync();
        await Task.WhenAll(receiving);
    }

    private async Task RunCommandsAsync()
    {
        (Fetched, Signed) = (new DiskWatch(Path.Combine(nodes!.Folder, "fetched"), nodes.Folder), new DiskWatch(Path.Combine(nodes.Folder, "signed"), nodes.Folder));
        var system = nodes.Network.SystemOf(SampleNetwork.GovernmentOrgan);
        var draft = Path.Combine(nodes.Folder, "du-thao.pdf");
        SamplePdfs.Write("cong-van", draft);
        var answers = await Task.WhenAll(
            Vbdt.RunAsync(
                [.. Fetched.Environment.Select(e => (e.Key, e.Value))],
                "incoming", "fetch", systems!.Confirmed!, "--into", Fetched.Folder, "--node", system.Node.ToString(), "--cert", system.CertificateFile,
                "--password-file", nodes.Authority.PasswordFile, "--trust", nodes.Network.TrustFolder, "--allow-sample-trust"),
            Vbdt.RunAsync(
                [.. Signed.Environment.Select(e => (e.Key, e.Value))],
                "sign", draft, "--out-dir", Signed.Folder, "--key", nodes.Authority.KeyFile(DemoDrafts.Person), "--password-file", nodes.Authority.PasswordFile));
        foreach (var answer in answers) Assert.True(answer.ExitCode == 0, answer.ToString());
    }

    private static List<string> FilesOf(DiskWatch watch)
    {
        var files = Directory.GetFiles(watch.Folder).Select(f => Path.GetFileName(f)!).Where(f => !f.StartsWith('.')).ToList();
        Assert.NotEmpty(files);
        return files;
    }

    private async Task SendAsync(int first, int last, string pdf, CancellationToken ct)
    {
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= last;)
            {
                if (i % 6 == 5)
                    await systems!.SendAsync(SampleNetwork.GovernmentOrgan, i, [pdf], [SampleNetwork.UnitOrgan], ct);
                else
                    await systems!.SendAsync(SampleNetwork.UnitOrgan, i, [pdf, .. Attached(i)], [SampleNetwork.MinistryOrgan, SampleNetwork.GovernmentOrgan], ct);
            }
        }));
    }

    /// <summary>A small one lives in its row, one of middling size in a segment, a large one in a file of its own.</summary>
    private IEnumerable<string> Attached(int number)
    {
        var size = (number % 6) switch { 0 => 60 << 10, 1 => 30 << 10, 2 => 200 << 10, 3 => 1300 << 10, _ => 0 };
        if (size == 0) yield break;
        var file = Path.Combine(nodes!.Folder, $"phu-luc-{number}.xlsx");
        var bytes = new byte[size];
        new Random(number).NextBytes(bytes);
        File.WriteAllBytes(file, bytes);
        yield return file;
    }
}
