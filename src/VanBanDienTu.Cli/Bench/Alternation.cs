using System.Diagnostics;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What two sides did when they took turns, slice by slice, on the same threads.</summary>
/// <param name="Ours">Times per second.</param>
/// <param name="Limit">Times per second.</param>
/// <param name="CpuShare">Processor time of one of the limit's by that of one of ours: what <paramref name="Ours"/> by <paramref name="Limit"/>
/// would be on a machine where nobody else runs.</param>
internal sealed record Alternation(double Ours, double Limit, double CpuShare)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public double Share => Ours / Limit;

    /// <summary>Measures both; each gets the thread's number, from 0, and is repeated on every thread.</summary>
    /// <param name="seconds">The whole measurement, without warm-up.</param>
    public static async Task<Alternation> MeasureAsync(int threads, int seconds, Func<int, Task> ours, Func<int, Task> limit, CancellationToken ct)
    {
        await RunAsync(threads, WarmUp, ours, ct);
        await RunAsync(threads, WarmUp / 4, limit, ct);
        var (mine, bare) = (Side.None, Side.None);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            mine += await RunAsync(threads, Slice, ours, ct);
            bare += await RunAsync(threads, Slice, limit, ct);
        }
        return new Alternation(mine.PerSecond, bare.PerSecond, bare.CpuEach / mine.CpuEach);
    }

    private static async Task<Side> RunAsync(int threads, TimeSpan time, Func<int, Task> once, CancellationToken ct)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
        {
            long count = 0;
            do
            {
                ct.ThrowIfCancellationRequested();
                await once(thread);
                count++;
            }
            while (watch.Elapsed < time);
            return count;
        }, ct)));
        return new Side(counts.Sum(), watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private sealed record Side(long Count, TimeSpan Time, TimeSpan Cpu)
    {
        public static Side None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

        public double PerSecond => Count / Time.TotalSeconds;

        public double CpuEach => Cpu.TotalSeconds / Count;

        public static Side operator +(Side a, Side b) => new(a.Count + b.Count, a.Time + b.Time, a.Cpu + b.Cpu);
    }
}
