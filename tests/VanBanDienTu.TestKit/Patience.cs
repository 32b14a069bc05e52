using System.Diagnostics;

namespace VanBanDienTu.TestKit;

/// <summary>
/// How long a test waits for what other threads, processes and servers bring about. It is only there to end a hang and says nothing about speed:
/// so long that no machine is too slow for it, and counted by the clock, not in rounds whose length depends on what is asked in each.
/// </summary>
public sealed class Patience
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly long began = Stopwatch.GetTimestamp();

    public bool Lasts => Stopwatch.GetElapsedTime(began) < Longest;
}
