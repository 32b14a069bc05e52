using System.Diagnostics;
using System.Globalization;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench fuzz</c>: the PDFs of a folder, bent by consecutive seeds, are verified and reported on until the time is over. What crashed or was too
/// slow is named with its seed and kept; the same seed bends the same way again.
/// </summary>
internal sealed class FuzzBench(string folder, string keep, int firstSeed)
{
    private const long LargestFile = 4 << 20;
    private const ulong HeapLimit = 144UL << 20; // programs, libraries and compiled code are some 100 MiB: together within the 256 MiB that are promised
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(60);

    private readonly PdfVerifier verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);
    private readonly Lock gate = new();
    private string[] files = [];
    private int seed = firstSeed - 1;
    private long runs;
    private long crashes;
    private long hangs;
    private TimeSpan slowest;

    /// <summary>For the whole process: beyond the limit there is no memory, and that is a crash too.</summary>
    public static void LimitHeap()
    {
        AppContext.SetData("GCHeapHardLimit", HeapLimit);
        GC.RefreshMemoryLimit();
    }

    /// <summary>Writes the rows <c>runs</c>, <c>crashes</c>, <c>hangs</c>, <c>slowest</c>, <c>peak-rss</c>, and their limits.</summary>
    /// <returns>Whether every input got its verdict in time and within 256 MiB.</returns>
    public async Task<bool> RunAsync(BenchRows rows, TextWriter errors, int threads, int seconds, CancellationToken ct)
    {
        files = [.. Directory.EnumerateFiles(folder, "*.pdf", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length is > 0 and <= LargestFile).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw CommandException.NoInput(Path.Combine(folder, "*.pdf"));
        var until = Stopwatch.GetTimestamp() + seconds * Stopwatch.Frequency;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < until && !ct.IsCancellationRequested)
                await OneAsync(Interlocked.Increment(ref seed), errors, ct);
        }, ct)));
        await rows.AddAsync("runs", runs, "files");
        await rows.AddAsync("crashes", crashes, "files");
        await rows.AddAsync("crashes-limit", 0, "files");
        await rows.AddAsync("hangs", hangs, "files");
        await rows.AddAsync("hangs-limit", 0, "files");
        await rows.AddAsync("slowest", slowest.TotalSeconds, "s");
        await rows.AddAsync("slowest-limit", Longest.TotalSeconds, "s");
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
        await rows.AddAsync("heap-limit", HeapLimit >> 20, "MiB");
        return crashes + hangs == 0;
    }

    private async Task OneAsync(int number, TextWriter errors, CancellationToken ct)
    {
        var bender = new Bender(number);
        var file = files[bender.Next(files.Length)];
        var bytes = bender.Pdf(await File.ReadAllBytesAsync(file, ct), await File.ReadAllBytesAsync(files[bender.Next(files.Length)], ct));
        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var wrong = await JudgeAsync(bytes, ct);
        var took = Took(Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
        lock (gate)
        {
            runs++;
            crashes += wrong is null ? 0 : 1;
            hangs += took > Longest ? 1 : 0;
            slowest = took > slowest ? took : slowest;
        }
        if (wrong is null && took <= Longest) return;
        var path = Path.Combine(Directory.CreateDirectory(keep).FullName, string.Create(CultureInfo.InvariantCulture, $"seed-{number}.pdf"));
        await File.WriteAllBytesAsync(path, bytes, ct);
        await errors.WriteLineAsync($"{number}\t{file}\t{path}\t{took.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s\t{wrong?.ReplaceLineEndings(" ")}");
    }

    /// <summary>On a busy machine the time that passed says little: one input has used at most what the process has. What never ended did hang.</summary>
    private static TimeSpan Took(TimeSpan passed, TimeSpan used) => passed < used || passed >= GivenUp ? passed : used;

    /// <summary>Null when it got a verdict and all its reports; else what went wrong.</summary>
    private async Task<string?> JudgeAsync(byte[] bytes, CancellationToken ct)
    {
        try
        {
            return await Task.Run(async () =>
            {
                using var pdf = PdfBytes.Of(bytes);
                var verdict = await verifier.VerifyAsync(pdf, "bent.pdf", cancellation: ct);
                var report = verifier.Report([verdict]);
                _ = ReportHtml.Write(report).Length + ReportJson.Utf8(report).Length + ReportCsv.Utf8(report).Length + (ReportXml.Utf8(report, verdict)?.Length ?? 0);
                return verdict.Findings.FirstOrDefault(f => f.Code is "internal")?.Text.En;
            }, ct).WaitAsync(GivenUp, ct);
        }
        catch (TimeoutException)
        {
            return null; // counted as a hang by its time
        }
#pragma warning disable CA1031 // Any exception is what the campaign is looking for.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return e.ToString();
        }
    }
}
