using System.Globalization;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Processes that together get a share of one core: a control group of Linux, version 2 (<c>cpu.max</c>) or 1 (<c>cpu.cfs_quota_us</c>).</summary>
internal sealed class CpuLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const int Period = 100_000; // microseconds

    private readonly string group;

    private CpuLimit(string group) => this.group = group;

    /// <param name="share">Of one core; 0.4 = 40 %.</param>
    /// <exception cref="CommandException">The system does not let us: that takes root, and control groups that are writable.</exception>
    public static CpuLimit Create(string name, double share)
    {
        var two = File.Exists(Path.Combine(Root, "cgroup.controllers"));
        var limit = new CpuLimit(Path.Combine(Root, two ? "" : "cpu", $"vbdt-bench-{Environment.ProcessId}-{name}"));
        var quota = ((int)(share * Period)).ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(limit.group);
            if (two)
                limit.Write("cpu.max", $"{quota} {Period}");
            else
                limit.Write("cpu.cfs_quota_us", quota); // of the period that is usual, the same 100 ms
            return limit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failed, $"Không giới hạn được bộ xử lý bằng cgroup ({e.Message}): cần quyền root và {Root} ghi được.",
                $"The processor cannot be limited by a control group ({e.Message}): that takes root, and {Root} writable.");
        }
    }

    public void Add(int process) => Write("cgroup.procs", process.ToString(CultureInfo.InvariantCulture));

    /// <summary>After its processes have ended.</summary>
    public void Dispose() => Directory.Delete(group);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(group, file), text);
}
