using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>How long the calling thread has been on a processor; elsewhere than on Linux, the time that passed.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    public static TimeSpan Now => OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out var used) == 0
        ? TimeSpan.FromTicks(((long)used.Seconds * TimeSpan.TicksPerSecond) + ((long)used.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
