using System.Globalization;

namespace VanBanDienTu.Pdf;

/// <summary>Dates of PDF (ISO 32000-2, 7.9.4).</summary>
public static class PdfDates
{
    /// <summary>E.g. <c>D:20261122091530+07'00'</c>.</summary>
    public static PdfString Write(DateTimeOffset time)
    {
        var sign = time.Offset < TimeSpan.Zero ? '-' : '+';
        var zone = time.Offset.Duration();
        return PdfString.FromText(string.Create(CultureInfo.InvariantCulture, $"D:{time:yyyyMMddHHmmss}{sign}{zone.Hours:D2}'{zone.Minutes:D2}'"));
    }

    /// <summary>Reads a date; what is left out counts as its first value, a missing zone as UTC. Null when it is no date.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (text is null)
            return null;
        var digits = text.StartsWith("D:", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        var length = 0;
        while (length < 14 && length < digits.Length && char.IsAsciiDigit(digits[length]))
            length++;
        if (length < 4 || length % 2 != 0)
            return null;
        var (year, month, day) = (Two(digits, 0, length, 0) * 100 + Two(digits, 2, length, 0), Two(digits, 4, length, 1), Two(digits, 6, length, 1));
        var (hour, minute, second) = (Two(digits, 8, length, 0), Two(digits, 10, length, 0), Two(digits, 12, length, 0));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return null;
        var local = new DateTime(year, month, day, hour, minute, second);
        return Zone(digits[length..]) is { } zone && InRange(local, zone) ? new DateTimeOffset(local, zone) : null;
    }

    private static int Two(ReadOnlySpan<char> digits, int at, int length, int missing) =>
        at < length ? (digits[at] - '0') * 10 + digits[at + 1] - '0' : missing;

    private static bool InRange(DateTime local, TimeSpan zone) => local.Ticks - zone.Ticks is >= 0 and <= 3155378975999999999;

    // A sign, then hours and perhaps minutes of two digits each, with apostrophes anywhere around them.
    private static TimeSpan? Zone(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == 'Z')
            return TimeSpan.Zero;
        if (text[0] is not ('+' or '-'))
            return null;
        Span<int> parts = stackalloc int[2];
        var count = 0;
        for (var rest = text[1..].TrimStart('\''); !rest.IsEmpty; rest = rest.TrimStart('\''))
        {
            var end = rest.IndexOf('\'') is >= 0 and var quote ? quote : rest.Length;
            if (count == parts.Length || end != 2 || !char.IsAsciiDigit(rest[0]) || !char.IsAsciiDigit(rest[1]))
                return null;
            parts[count++] = (rest[0] - '0') * 10 + rest[1] - '0';
            rest = rest[end..];
        }
        if (count == 0)
            return null;
        var zone = new TimeSpan(parts[0], parts[1], 0);
        return zone > TimeSpan.FromHours(14) ? null : text[0] == '-' ? -zone : zone;
    }
}
