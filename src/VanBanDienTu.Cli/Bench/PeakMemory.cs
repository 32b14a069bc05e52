using System.Diagnostics;
using System.Globalization;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The most memory that this process ever had resident (VmHWM).</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Mebibytes. Where there is no /proc, the runtime's own figure.</summary>
    public static double Mebibytes()
    {
        if (!File.Exists(Status)) return Process.GetCurrentProcess().PeakWorkingSet64 / (1024.0 * 1024.0);
        var line = File.ReadLines(Status).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0;
    }
}
