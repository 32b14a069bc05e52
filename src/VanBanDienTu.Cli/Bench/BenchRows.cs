using System.Globalization;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The rows of a benchmark as TSV: name, value, unit.</summary>
internal sealed class BenchRows(TextWriter output)
{
    /// <param name="value">Written with four significant digits or more, never as a power of ten.</param>
    public Task AddAsync(string name, double value, string unit) =>
        output.WriteLineAsync($"{name}\t{value.ToString(Math.Abs(value) >= 100 ? "F1" : "F3", CultureInfo.InvariantCulture)}\t{unit}");

    /// <summary>The rows <c>ops</c>, <c>limit</c>, <c>share</c>, and <c>cpu-share</c>: what the share would be were nobody else on the machine.</summary>
    public async Task AddShareAsync(Pace ours, Pace limit)
    {
        await AddAsync("ops", ours.PerSecond, "files/s");
        await AddAsync("limit", limit.PerSecond, "files/s");
        await AddAsync("share", 100 * ours.PerSecond / limit.PerSecond, "%");
        await AddAsync("cpu-share", 100 * limit.CpuEach / ours.CpuEach, "%");
    }

    /// <summary>The rows <c>scaling</c> (how many times one thread), <c>limit-scaling</c>, <c>scaling-share</c>.</summary>
    public async Task AddScalingAsync(Pace ours, Pace oursAlone, Pace limit, Pace limitAlone)
    {
        var (mine, bare) = (ours.PerSecond / oursAlone.PerSecond, limit.PerSecond / limitAlone.PerSecond);
        await AddAsync("scaling", mine, "times");
        await AddAsync("limit-scaling", bare, "times");
        await AddAsync("scaling-share", 100 * mine / bare, "%");
    }
}
