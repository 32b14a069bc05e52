using System.Globalization;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Dates and times as packets write them: <c>yyyy/MM/dd</c> and <c>yyyy/MM/dd HH:mm:ss</c>, Vietnam time without an offset.</summary>
internal static class EdxmlTime
{
    public const string DateFormat = "yyyy/MM/dd";
    public const string TimeFormat = "yyyy/MM/dd HH:mm:ss";

    /// <summary>Vietnam has one zone and no summer time.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    // What the official parser silently takes for no date at all, but can mean one thing only.
    private static readonly string[] OddDates = ["yyyy-MM-dd", "yyyy/M/d"];
    private static readonly string[] OddTimes =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy/M/d H:m:s", "yyyy/MM/dd", "yyyy-MM-dd"];

    public static string Write(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    public static string Write(DateTimeOffset time) => time.ToOffset(Offset).ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <param name="odd">True when the text is not in the standard's format, though its meaning is certain.</param>
    public static bool TryReadDate(string text, out DateOnly date, out bool odd)
    {
        odd = false;
        if (DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            return true;
        odd = true;
        return DateOnly.TryParseExact(text, OddDates, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            || TryDateOfTime(text, out date);
    }

    /// <param name="odd">True when the text is not in the standard's format, though its meaning is certain.</param>
    public static bool TryReadTime(string text, out DateTimeOffset time, out bool odd)
    {
        odd = false;
        if (TryLocal(text, [TimeFormat], out time))
            return true;
        odd = true;
        return TryLocal(text, OddTimes, out time)
            || DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static bool TryDateOfTime(string text, out DateOnly date)
    {
        var read = TryReadTime(text, out var time, out _);
        date = read ? DateOnly.FromDateTime(time.ToOffset(Offset).DateTime) : default;
        return read;
    }

    private static bool TryLocal(string text, string[] formats, out DateTimeOffset time)
    {
        time = default;
        if (!DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year < 2)
            return false;
        time = new DateTimeOffset(local, Offset);
        return true;
    }
}
