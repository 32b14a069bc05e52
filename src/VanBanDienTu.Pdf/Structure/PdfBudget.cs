namespace VanBanDienTu.Pdf;

/// <summary>What one file has cost so far; throws when a bound is passed.</summary>
internal sealed class PdfBudget(PdfLimits limits, long fileLength)
{
    private long started = limits.Time.GetTimestamp();
    private readonly TimeSpan allowed = limits.MaxTime + TimeSpan.FromSeconds(fileLength / (16.0 * (1 << 20)));
    private long decoded;
    private int steps;

    /// <summary>Counts one step of work (an object parsed, a node visited).</summary>
    public void Step()
    {
        if ((++steps & 0x3F) == 0 && limits.Time.GetElapsedTime(started) > allowed)
            throw PdfException.Limit($"{allowed.TotalSeconds:0} s");
    }

    /// <summary>Does some work under a budget of its own, so that what it costs takes nothing from what follows.</summary>
    public void Apart(Action work)
    {
        var (begun, spent, time) = (started, decoded, limits.Time.GetTimestamp());
        (started, decoded) = (time, 0);
        try
        {
            work();
        }
        finally
        {
            (started, decoded) = (begun + (limits.Time.GetTimestamp() - time), spent);
        }
    }

    public void Decoded(int bytes)
    {
        decoded += bytes;
        if (decoded > limits.MaxDecodedTotal)
            throw PdfException.Limit($"{limits.MaxDecodedTotal} decoded bytes");
        Step();
    }
}
