using System.Diagnostics;
using System.Globalization;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.FuzzTests;

/// <summary>
/// One campaign: consecutive seeds on every core until the time is over; the first defect ends it, named with its seed, its input kept.
/// VBDT_LONG=1 makes it an hour, VBDT_FUZZ_SECONDS any length, VBDT_FUZZ_SEED starts elsewhere.
/// </summary>
internal static class Campaign
{
    /// <summary>
    /// Beyond this is a hang. Other work on the machine does not count: what was slow by the clock is tried again while this process does
    /// nothing else, and what is held against it is the processor time of that.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan GivenUp = Patience.Longest;

    /// <summary>A place for each worker; who holds them all is alone.</summary>
    private static readonly SemaphoreSlim Places = new(Environment.ProcessorCount);

    private static readonly SemaphoreSlim OneAlone = new(1);

    /// <param name="share">Of the whole time, from 0 to 1.</param>
    /// <param name="bend">Input by seed, with a name for it.</param>
    /// <param name="judge">Null, or what is wrong.</param>
    /// <returns>How many inputs were judged, and the slowest.</returns>
    public static async Task<(long Inputs, TimeSpan Slowest)> RunAsync(double share, Func<int, (string Name, byte[] Bytes)> bend, Func<byte[], Task<string?>> judge)
    {
        var until = Stopwatch.GetTimestamp() + (long)(share * Seconds * Stopwatch.Frequency);
        var (next, inputs, slowest) = (Number("VBDT_FUZZ_SEED", 1) - 1, 0L, TimeSpan.Zero);
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < until)
            {
                var seed = Interlocked.Increment(ref next);
                var (name, bytes) = bend(seed);
                var took = await OneAsync(seed, name, bytes, judge);
                lock (gate)
                    (inputs, slowest) = (inputs + 1, took > slowest ? took : slowest);
            }
        })));
        return (inputs, slowest);
    }

    private static int Seconds => Number("VBDT_FUZZ_SECONDS", Environment.GetEnvironmentVariable("VBDT_LONG") is "1" ? 3600 : 40);

    private static async Task<TimeSpan> OneAsync(int seed, string name, byte[] bytes, Func<byte[], Task<string?>> judge)
    {
        await Places.WaitAsync();
        var (wrong, took) = await TimedAsync(bytes, judge);
        Places.Release();
        if (wrong is null && took > Longest)
        {
            (wrong, took) = await AloneAsync(bytes, judge);
            if (wrong is null && took > Longest)
                wrong = $"it took {took.TotalSeconds:0.0} s of processor time";
        }
        if (wrong is not null)
            Assert.Fail($"Seed {seed} on {name}: {wrong}. The input is kept as {Keep(seed, bytes)}.");
        return took;
    }

    private static async Task<(string?, TimeSpan)> AloneAsync(byte[] bytes, Func<byte[], Task<string?>> judge)
    {
        await OneAlone.WaitAsync();
        for (var i = 0; i < Environment.ProcessorCount; i++)
            await Places.WaitAsync();
        var before = Environment.CpuUsage.TotalTime;
        var (wrong, _) = await TimedAsync(bytes, judge);
        var took = Environment.CpuUsage.TotalTime - before;
        Places.Release(Environment.ProcessorCount);
        OneAlone.Release();
        return (wrong, took);
    }

    private static async Task<(string?, TimeSpan)> TimedAsync(byte[] bytes, Func<byte[], Task<string?>> judge)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var wrong = await Task.Run(() => judge(bytes)).WaitAsync(GivenUp);
            return (wrong, Stopwatch.GetElapsedTime(started));
        }
        catch (TimeoutException)
        {
            return ($"no answer after {GivenUp.TotalSeconds:0} s", GivenUp);
        }
    }

    private static string Keep(int seed, byte[] bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Samples.Root, "artifacts", "fuzz")).FullName;
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.bin"));
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
