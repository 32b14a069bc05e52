namespace VanBanDienTu.Relay.Outgoing;

/// <summary>When to try again: now comes in, a time goes out.</summary>
/// <param name="FirstDelay">Wait after the first failed attempt; doubled with each further one.</param>
/// <param name="LongestDelay">No wait is longer.</param>
/// <param name="Horizon">How long after a message was queued we give up.</param>
/// <param name="ContentAttempts">How often content that does not arrive whole is sent before we give up.</param>
public sealed record RetrySchedule(TimeSpan FirstDelay, TimeSpan LongestDelay, TimeSpan Horizon, int ContentAttempts = 5)
{
    /// <summary>5 s, doubling to 30 min, for 5 days: a long weekend without power is survived.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(30), TimeSpan.FromDays(5));

    /// <summary>The next attempt's time, or null when the horizon is over.</summary>
    /// <param name="queued">When the message was first queued, or queued again by an operator.</param>
    /// <param name="attempts">Attempts made so far, at least 1.</param>
    /// <param name="dice">0 to 1: spreads waits over the upper half, so that peers do not all come back at once.</param>
    /// <param name="asked">What the peer asked for; respected, up to the longest delay.</param>
    public DateTimeOffset? Next(DateTimeOffset now, DateTimeOffset queued, int attempts, double dice, TimeSpan? asked = null)
    {
        if (now - queued >= Horizon)
            return null;
        var wait = Delay(attempts, dice);
        if (asked > wait)
            wait = asked.Value < LongestDelay ? asked.Value : LongestDelay;
        var next = now + wait;
        return next - queued > Horizon ? queued + Horizon : next; // the last chance is taken at the horizon itself
    }

    /// <summary>Half of the doubled delay for sure, the other half by the dice.</summary>
    public TimeSpan Delay(int attempts, double dice)
    {
        // 2^30 first delays are beyond any longest delay; more would overflow.
        var doubled = FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var full = Math.Min(doubled, LongestDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((full / 2) + (full / 2 * Math.Clamp(dice, 0, 1)));
    }
}
