using System.Diagnostics;
using System.Globalization;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>A peer script of the folder <c>interop</c> running as a process of its own.</summary>
internal sealed class InteropPeer : IDisposable
{
    private static readonly TimeSpan Patience = TestKit.Patience.Longest;

    private readonly Process process;
    private readonly SemaphoreSlim oneAtATime = new(1);

    private InteropPeer(Process process) => this.process = process;

    public static string Folder { get; } = FindFolder();

    /// <summary>The peer as a server, and its port.</summary>
    public static async Task<(InteropPeer Peer, int Port)> ServeAsync(string program, string script)
    {
        var peer = Start(program, script, "server");
        var line = await peer.ReadLineAsync();
        return (peer, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The peer as a client of a port, waiting for the names of cases.</summary>
    public static InteropPeer Connect(string program, string script, int port) =>
        Start(program, script, "client", port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs one case; fails with the peer's own words.</summary>
    public async Task RunAsync(string name)
    {
        await oneAtATime.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(name);
            await process.StandardInput.FlushAsync();
            Assert.Equal("ok", await ReadLineAsync());
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before us; the test that it left without an answer has said so.
        }

        if (!process.WaitForExit(TimeSpan.FromSeconds(2)))
            process.Kill(entireProcessTree: true);
        process.Dispose();
        oneAtATime.Dispose();
    }

    private static InteropPeer Start(string program, string script, params string[] arguments)
    {
        if (script.EndsWith(".js", StringComparison.Ordinal))
            Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The Node peer is not installed: run 'npm ci' in {Folder}.");
        var start = new ProcessStartInfo(program, [Path.Combine(Folder, script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        };
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "*"; // both libraries would send loopback through a proxy
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return new InteropPeer(Process.Start(start)!);
    }

    private async Task<string> ReadLineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
        ?? throw new InvalidOperationException($"The peer {process.StartInfo.FileName} ended without an answer.");

    /// <summary>The scripts stay in the source tree: Node looks for its modules beside them.</summary>
    private static string FindFolder()
    {
        var inRepository = Path.Combine("tests", "VanBanDienTu.IntegrationTests", "Grpc", "interop");
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (Directory.Exists(Path.Combine(folder.FullName, inRepository)))
                    return Path.Combine(folder.FullName, inRepository);
            }
        }

        throw new DirectoryNotFoundException($"There is no folder {inRepository} above the tests: run them inside the repository.");
    }
}
