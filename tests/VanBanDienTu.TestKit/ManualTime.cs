namespace VanBanDienTu.TestKit;

/// <summary>A clock that stands still until it is told to go; timers ring when their time has come.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Bell> _bells = [];
    private DateTimeOffset _now = start;
    private long _ticks;

    public ManualTime()
        : this(DateTimeOffset.UtcNow)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _ticks;
    }

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan by)
    {
        List<Bell> due;
        lock (_gate)
        {
            _now += by;
            _ticks += by.Ticks;
            due = [.. _bells.Where(b => b.Due <= _ticks)];
            foreach (var bell in due)
                bell.Rearm(_ticks);
            _bells.RemoveAll(b => b.Due is null);
        }

        foreach (var bell in due)
            bell.Ring();
    }

    /// <summary>Somebody sets the wall clock; no time passes.</summary>
    public void SetClock(DateTimeOffset to)
    {
        lock (_gate)
            _now = to;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var bell = new Bell(this, callback, state);
        bell.Change(dueTime, period);
        return bell;
    }

    private sealed class Bell(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._ticks + dueTime.Ticks;
                time._bells.Remove(this);
                if (Due is not null)
                    time._bells.Add(this);
            }

            return true;
        }

        public void Rearm(long now) => Due = _period > TimeSpan.Zero ? now + _period.Ticks : null;

        public void Ring() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
                time._bells.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
