using System.Diagnostics;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Something that is done again and again on some threads, in turn with others.</summary>
/// <param name="Threads">How many do it side by side.</param>
/// <param name="Once">Does it once; gets the thread's number, from 0.</param>
internal sealed record Contender(int Threads, Func<int, Task> Once);

/// <summary>How often something was done, in what time, for what processor time (user and system) of this process.</summary>
internal sealed record Pace(long Count, TimeSpan Time, TimeSpan Cpu)
{
    public static Pace None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    public double PerSecond => Count / Time.TotalSeconds;

    /// <summary>Seconds.</summary>
    public double CpuEach => Cpu.TotalSeconds / Count;

    public static Pace operator +(Pace a, Pace b) => new(a.Count + b.Count, a.Time + b.Time, a.Cpu + b.Cpu);
}

/// <summary>
/// Measures by turns, slice by slice: whatever else the machine does meets all contenders alike, so that their ratios hold on a machine
/// that is not ours alone.
/// </summary>
internal static class Alternation
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <param name="seconds">The whole measurement, without warm-up.</param>
    /// <param name="contenders">The first one is warmed up longest: code is compiled again and again while it runs.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>In the order of the contenders.</returns>
    public static async Task<IReadOnlyList<Pace>> MeasureAsync(int seconds, IReadOnlyList<Contender> contenders, CancellationToken ct)
    {
        for (var i = 0; i < contenders.Count; i++)
            await RunAsync(contenders[i], i == 0 ? WarmUp : WarmUp / 4, ct);
        var paces = contenders.Select(_ => Pace.None).ToArray();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            for (var i = 0; i < contenders.Count; i++)
                paces[i] += await RunAsync(contenders[i], Slice, ct);
        }
        return paces;
    }

    private static async Task<Pace> RunAsync(Contender contender, TimeSpan time, CancellationToken ct)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, contender.Threads).Select(thread => Task.Run(async () =>
        {
            long count = 0;
            do
            {
                ct.ThrowIfCancellationRequested();
                await contender.Once(thread);
                count++;
            }
            while (watch.Elapsed < time);
            return count;
        }, ct)));
        return new Pace(counts.Sum(), watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }
}
