using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Nodes;

/// <summary>A node as a process of its own (<c>vbdt serve</c>), which ends when its starter ends, however that ends.</summary>
/// <remarks>The child holds the read end of a pipe whose only writer is this process: when we die, it reads the end and stops.
/// PR_SET_PDEATHSIG would not do: it follows the thread that started the child, and pool threads come and go.</remarks>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private readonly Task log;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    private NodeProcess(Process process, string logFile)
    {
        this.process = process;
        var writer = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        log = Task.WhenAll(PumpAsync(process.StandardOutput, writer, lines.Writer), PumpAsync(process.StandardError, writer, null))
            .ContinueWith(_ => { lines.Writer.TryComplete(); writer.Dispose(); }, TaskScheduler.Default);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts a node and waits until it says that it is ready.</summary>
    /// <param name="config">The node's JSON file.</param>
    /// <param name="logFile">What the node prints is added here.</param>
    /// <param name="patience">How long it may take to become ready.</param>
    /// <param name="ct">Ends the wait; the child is ended then too.</param>
    /// <param name="environment">Set beside what this process has.</param>
    /// <exception cref="CommandException">It ended, or did not become ready in time; the message holds its last words.</exception>
    public static async Task<NodeProcess> StartAsync(string config, string logFile, TimeSpan patience, CancellationToken ct, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var node = Begin(config, logFile, environment ?? []);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(patience);
        try
        {
            await foreach (var line in node.lines.Reader.ReadAllAsync(limited.Token))
            {
                if (line.StartsWith("ready", StringComparison.Ordinal)) return node;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Its log says how far it came.
        }
        await node.DisposeAsync();
        var words = string.Join(" | ", Tail(logFile, 5));
        throw new CommandException(
            ExitCode.Failed,
            $"Nút {config} không chạy được: {words}",
            $"The node of {config} did not start: {words}");
    }

    /// <summary>Asks the node to stop (SIGTERM) and waits; ends it by force when it does not.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited) Signal(15);
        using var limited = new CancellationTokenSource(StopPatience);
        try
        {
            await process.WaitForExitAsync(limited.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        await log;
    }

    /// <summary>Ends the node at once (SIGKILL), as a power cut would; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await log;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private static NodeProcess Begin(string config, string logFile, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var self = SelfCommand();
        var start = new ProcessStartInfo(self.Program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[.. self.Arguments, "serve", "--config", config, "--stop-at-end-of-input"]) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new NodeProcess(Process.Start(start) ?? throw new Win32Exception(), logFile);
    }

    /// <summary>How this very program is started: by its own executable, or by <c>dotnet vbdt.dll</c>.</summary>
    internal static (string Program, string[] Arguments) SelfCommand()
    {
        var library = typeof(NodeProcess).Assembly.Location;
        var running = Environment.ProcessPath;
        return running is not null && Path.GetFileNameWithoutExtension(running) == "dotnet"
            ? (running, [library])
            : ("dotnet", [library]);
    }

    private static async Task PumpAsync(StreamReader from, StreamWriter log, ChannelWriter<string>? lines)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (log) log.WriteLine(line);
            lines?.TryWrite(line);
        }
    }

    private static IEnumerable<string> Tail(string file, int count) => File.Exists(file) ? File.ReadLines(file).TakeLast(count) : [];

    private void Kill()
    {
        if (!process.HasExited) Signal(9);
    }

    private void Signal(int signal) => _ = SysKill(process.Id, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SysKill(int pid, int signal);
}
