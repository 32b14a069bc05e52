using System.Diagnostics;
using System.Text.Json;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>A measured gateway in a process of its own; its one argument, as JSON.</summary>
/// <param name="Folder">Its data go into a folder in here.</param>
/// <param name="Pki">Folder of the sample authority.</param>
/// <param name="Next">Port of the next node's stand-in.</param>
/// <param name="ConnectionFile">Of the PostgreSQL that it shares.</param>
/// <param name="Name">Its own among those that share.</param>
internal sealed record RelayNodeOrder(string Folder, string Pki, int Next, string ConnectionFile, string Name);

/// <summary>Both ends of it: the process, and who started it.</summary>
internal sealed class RelayNodeProcess : IAsyncDisposable
{
    private readonly Process process;

    private RelayNodeProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => process.Id;

    /// <summary>User and system, so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>In the process itself: one line with the address, one when it is warm after a line on its input, then it serves until that ends.</summary>
    public static async Task RunAsync(string json, TextWriter output, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize<RelayNodeOrder>(json)!;
        var config = RelayBenchNode.Configuration(order.Folder, SampleAuthority.Open(order.Pki), order.Next, order.ConnectionFile, order.Name);
        await using var node = await GatewayHost.StartAsync(config, null, new GatewayOptions(), ct);
        await output.WriteLineAsync(node.Address);
        await output.FlushAsync(ct);
        if (await Task.Run(Console.In.ReadLine, ct) is null)
            return;
        await Warmth.SettleAsync(ct);
        await output.WriteLineAsync(RelayLoadProcess.Warm);
        await output.FlushAsync(ct);
        await Task.Run(Console.In.ReadLine, ct);
    }

    public static async Task<RelayNodeProcess> StartAsync(RelayNodeOrder order, CancellationToken ct)
    {
        var (program, arguments) = NodeProcess.SelfCommand();
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in (string[])[.. arguments, "bench", "relay-node", "--order", JsonSerializer.Serialize(order)])
            start.ArgumentList.Add(word);
        var started = Process.Start(start)!;
        var address = await started.StandardOutput.ReadLineAsync(ct) ?? throw new CommandException(
            ExitCode.Failed, $"Nút {order.Name} không chạy được; xem thông báo của nó ở trên.", $"The node {order.Name} did not start; see its message above.");
        return new RelayNodeProcess(started, new Uri(address));
    }

    /// <summary>To be called when documents flow; completes when the runtime of the process has compiled what they need.</summary>
    public async Task WarmAsync(CancellationToken ct)
    {
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync(ct);
        await process.StandardOutput.ReadLineAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
