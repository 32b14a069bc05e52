using System.Diagnostics;

namespace VanBanDienTu.Pdf;

/// <summary>What one file has cost so far; throws when a bound is passed.</summary>
/// <remarks>
/// Time is the processor's, of the thread that works: on a busy machine a good file once took longer than the bound by the wall clock and
/// was refused as changed. Work that goes on on another thread begins to count there.
/// </remarks>
internal sealed class PdfBudget(PdfLimits limits, long fileLength)
{
    // So much is free, as nearly every file is done by then: the processor's time is asked of the kernel.
    private static readonly TimeSpan Free = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan allowed = limits.MaxTime + TimeSpan.FromSeconds(fileLength / (16.0 * (1 << 20)));
    private readonly long began = Stopwatch.GetTimestamp();
    private int thread; // none is counted yet
    private TimeSpan seen;
    private TimeSpan spent;
    private long decoded;
    private int steps;

    /// <summary>Counts one step of work (an object parsed, a node visited).</summary>
    public void Step()
    {
        if ((++steps & 0x3F) == 0 && Spent() > allowed)
            throw PdfException.Limit($"{allowed.TotalSeconds:0} s");
    }

    /// <summary>Does some work under a budget of its own, so that what it costs takes nothing from what follows.</summary>
    public void Apart(Action work)
    {
        var (before, bytes) = (Spent(), decoded);
        (spent, decoded) = (TimeSpan.Zero, 0);
        try
        {
            work();
        }
        finally
        {
            Spent();
            (spent, decoded) = (before, bytes);
        }
    }

    public void Decoded(int bytes)
    {
        decoded += bytes;
        if (decoded > limits.MaxDecodedTotal)
            throw PdfException.Limit($"{limits.MaxDecodedTotal} decoded bytes");
        Step();
    }

    private TimeSpan Spent()
    {
        if (thread == 0 && Stopwatch.GetElapsedTime(began) < Free)
            return spent;
        var (here, now) = (Environment.CurrentManagedThreadId, ThreadClock.Now);
        if (here == thread)
            spent += now - seen;
        (thread, seen) = (here, now);
        return spent;
    }
}
