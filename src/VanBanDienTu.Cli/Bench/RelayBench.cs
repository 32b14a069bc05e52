using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench relay</c>: a whole node in this process, durable on the disk of the temporary files, over gRPC and mutual TLS on
/// loopback; the load and the next node's stand-in in another process on the same cores.
/// </summary>
internal static class RelayBench
{
    /// <summary>Taken, kept, handed on to the next node.</summary>
    public const string Hub = "hub";

    /// <summary>Taken and kept; the next node does not answer.</summary>
    public const string Accept = "accept";

    /// <summary>Writes the rows <c>documents</c>, <c>mebibytes</c>, <c>latency-p50</c>, <c>latency-p99</c>,
    /// <c>latency-p99-half-load</c>, <c>fsyncs-per-document</c>,
    /// the use of the process, <c>fsync</c>, <c>sha256</c>, <c>tls-loopback</c>, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, string shape, int size, int inFlight, int seconds, int parked, string? connectionFile, CancellationToken ct)
    {
        using var folder = BenchFolder.OnDisk();
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions { Profiles = SampleNetwork.Profiles });
        var next = FreePorts.Take(1)[0];
        var limits = await LimitsAsync(folder, authority);
        RelayLoadResult result;
        Usage used;
        await using (var node = await GatewayHost.StartAsync(RelayBenchNode.Configuration(folder.Root, authority, next, connectionFile), null, new GatewayOptions(), ct))
        {
            var order = new RelayLoadOrder(new Uri(node.Address), authority.Folder, shape == Hub ? next : 0, size, inFlight, seconds, parked);
            (result, used) = await LoadAsync(order, ct);
        }
        limits = (limits + await LimitsAsync(folder, authority)) / 2;
        await rows.AddAsync("documents", result.Documents / result.Seconds, "documents/s");
        await rows.AddAsync("mebibytes", result.Documents * (double)size / (1 << 20) / result.Seconds, "MiB/s");
        await rows.AddAsync("latency-p50", result.P50, "ms");
        await rows.AddAsync("latency-p99", result.P99, "ms");
        await rows.AddAsync("latency-p99-half-load", result.HalfLoadP99, "ms");
        await rows.AddAsync("fsyncs-per-document", (double)used.Syncs / result.Documents, "fsyncs");
        await used.Process.AddAsync(rows, result.Documents);
        await rows.AddAsync("fsync", limits.Syncs, "fsyncs/s");
        await rows.AddAsync("sha256", limits.Sha256, "MiB/s");
        await rows.AddAsync("tls-loopback", limits.Tls, "MiB/s");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }

    private static Task<MachineLimits> LimitsAsync(BenchFolder folder, SampleAuthority authority) =>
        MachineLimits.MeasureAsync(folder.Of("scratch"), authority.KeyFile("node-ministry"), authority.Password);

    /// <summary>Runs the load in its own process and watches what this one uses meanwhile.</summary>
    private static async Task<(RelayLoadResult Result, Usage Used)> LoadAsync(RelayLoadOrder order, CancellationToken ct)
    {
        long syncs = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "vbdt.relay.syncs") listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref syncs, value));
        listener.Start();
        using var process = Start(order);
        try
        {
            await ExpectAsync(process, ct);
            await Warmth.SettleAsync(ct);
            await process.StandardInput.WriteLineAsync(RelayLoadProcess.Warm);
            await process.StandardInput.FlushAsync(ct);
            await ExpectAsync(process, ct);
            var before = new Usage(Interlocked.Read(ref syncs), ProcessUse.Now());
            await ExpectAsync(process, ct);
            var after = new Usage(Interlocked.Read(ref syncs), ProcessUse.Now());
            var result = JsonSerializer.Deserialize<RelayLoadResult>(await ExpectAsync(process, ct))!;
            await process.WaitForExitAsync(ct);
            return (result, new Usage(after.Syncs - before.Syncs, after.Process.Since(before.Process)));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static Process Start(RelayLoadOrder order)
    {
        var (program, arguments) = NodeProcess.SelfCommand();
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in (string[])[.. arguments, "bench", "relay-load", "--order", JsonSerializer.Serialize(order)]) start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private static async Task<string> ExpectAsync(Process process, CancellationToken ct) =>
        await process.StandardOutput.ReadLineAsync(ct) ?? throw new CommandException(
            ExitCode.Failed, "Tiến trình tạo tải đã dừng giữa chừng; xem thông báo của nó ở trên.", "The process of the load ended early; see its message above.");

    private sealed record Usage(long Syncs, ProcessUse Process);
}
