namespace VanBanDienTu.Signing.Timestamps;

/// <summary>
/// The time of another provider, told by what has passed since the start and not by its wall clock, which somebody may set.
/// For pauses and windows: a pause that began while the clock was an hour ahead must not last an hour more when it is set right.
/// </summary>
internal sealed class SteadyTime(TimeProvider inner) : TimeProvider
{
    private readonly DateTimeOffset _start = inner.GetUtcNow();
    private readonly long _startTimestamp = inner.GetTimestamp();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _start + inner.GetElapsedTime(_startTimestamp);

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
