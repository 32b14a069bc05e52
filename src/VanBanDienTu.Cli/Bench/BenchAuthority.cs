using System.Diagnostics;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>A sample authority with its own process for OCSP and timestamps, so that neither its time nor its memory is counted as ours.</summary>
internal sealed class BenchAuthority : IAsyncDisposable
{
    private readonly Process server;

    private BenchAuthority(SampleAuthority pki, Process server) => (Pki, this.server) = (pki, server);

    public SampleAuthority Pki { get; }

    public Uri Tsa => new(Pki.TsaUrl);

    /// <summary>Processor time that it took so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            server.Refresh();
            return server.TotalProcessorTime;
        }
    }

    /// <summary>Makes it and waits until it answers.</summary>
    /// <param name="folder">Where it lives.</param>
    /// <param name="profiles">Whose keys.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<BenchAuthority> StartAsync(string folder, IReadOnlyList<SampleProfile> profiles, CancellationToken ct)
    {
        var pki = SampleAuthority.Init(folder, new SampleAuthorityOptions { BaseUrl = $"http://127.0.0.1:{FreePorts.Take(1)[0]}", Profiles = profiles });
        var (program, arguments) = NodeProcess.SelfCommand();
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var word in (string[])[.. arguments, "pki", "serve", folder]) start.ArgumentList.Add(word);
        var authority = new BenchAuthority(pki, Process.Start(start)!);
        while (await authority.server.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("ready", StringComparison.Ordinal)) return authority;
        }
        await authority.DisposeAsync();
        throw new CommandException(ExitCode.Failed, "Hệ thống chứng thư mẫu không chạy được.", "The sample authority did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!server.HasExited) server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
    }
}
