using System.Globalization;

namespace Grpc.Framing;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit (H, M, S, m, u, n).</summary>
internal static class TimeoutHeader
{
    private const long EightDigits = 99_999_999;

    /// <summary>Rounded up, so the far side never gives up before this one.</summary>
    public static string Encode(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "1n";
        var ticks = timeout.Ticks;
        var microseconds = Up(ticks, TimeSpan.TicksPerMicrosecond);
        if (microseconds <= EightDigits)
            return Text(microseconds, 'u');
        var milliseconds = Up(ticks, TimeSpan.TicksPerMillisecond);
        if (milliseconds <= EightDigits)
            return Text(milliseconds, 'm');
        var seconds = Up(ticks, TimeSpan.TicksPerSecond);
        return seconds <= EightDigits ? Text(seconds, 'S') : Text(Math.Min(Up(ticks, TimeSpan.TicksPerHour), EightDigits), 'H');
    }

    public static bool TryDecode(ReadOnlySpan<char> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > 9 || !long.TryParse(value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        switch (value[^1])
        {
            case 'H': timeout = Longest(count, TimeSpan.TicksPerHour); return true;
            case 'M': timeout = Longest(count, TimeSpan.TicksPerMinute); return true;
            case 'S': timeout = Longest(count, TimeSpan.TicksPerSecond); return true;
            case 'm': timeout = Longest(count, TimeSpan.TicksPerMillisecond); return true;
            case 'u': timeout = Longest(count, TimeSpan.TicksPerMicrosecond); return true;
            case 'n': timeout = new TimeSpan(Up(count, TimeSpan.NanosecondsPerTick)); return true;
            default: return false;
        }
    }

    private static TimeSpan Longest(long count, long unit) => new(count > TimeSpan.MaxValue.Ticks / unit ? TimeSpan.MaxValue.Ticks : count * unit);

    private static long Up(long value, long unit) => (value / unit) + (value % unit > 0 ? 1 : 0);

    private static string Text(long count, char unit) => string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
}
