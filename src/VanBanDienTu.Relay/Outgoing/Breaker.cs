namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Whether a destination is tried.</summary>
public enum BreakerMode
{
    Closed,

    /// <summary>Left alone until its time comes.</summary>
    Open,

    /// <summary>One probe is on its way.</summary>
    HalfOpen,
}

/// <summary>The circuit breaker of one destination; pure: state and time in, state out.</summary>
/// <param name="Failures">Transport failures in a row.</param>
/// <param name="OpenFor">How long it was opened the last time.</param>
internal sealed record Breaker(BreakerMode Mode, int Failures, DateTimeOffset OpenUntil, TimeSpan OpenFor)
{
    public static Breaker Fresh { get; } = new(BreakerMode.Closed, 0, DateTimeOffset.UnixEpoch, TimeSpan.Zero);

    /// <summary>How many messages may be sent now, at most <paramref name="free"/>.</summary>
    public int Permits(DateTimeOffset now, int free, bool anyInFlight) => Mode switch
    {
        BreakerMode.Closed => free,
        BreakerMode.Open when Rested(now) && !anyInFlight => Math.Min(1, free),
        _ => 0,
    };

    /// <summary>A message goes out; out of an open breaker it is the one probe.</summary>
    public Breaker Sending() => Mode == BreakerMode.Open ? this with { Mode = BreakerMode.HalfOpen } : this;

    /// <summary>The far side answered, whatever it said.</summary>
    public static Breaker Answered() => Fresh;

    /// <summary>No answer.</summary>
    public Breaker Failed(DateTimeOffset now, BreakerRule rule)
    {
        var failures = Failures < int.MaxValue ? Failures + 1 : Failures;
        if (Mode == BreakerMode.Closed && failures < rule.Failures)
            return this with { Failures = failures };
        var wait = Mode == BreakerMode.HalfOpen ? OpenFor * 2 : OpenFor > rule.OpenFor ? OpenFor : rule.OpenFor;
        if (wait > rule.Longest)
            wait = rule.Longest;
        return new Breaker(BreakerMode.Open, failures, now + wait, wait);
    }

    /// <summary>An end that is farther away than it was ever set is a clock that was set back meanwhile.</summary>
    private bool Rested(DateTimeOffset now) => now >= OpenUntil || OpenUntil - now > OpenFor * 2;
}
