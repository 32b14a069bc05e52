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
        var digits = text.StartsWith("D:", StringComparison.Ordinal) ? text[2..] : text;
        var length = digits.TakeWhile(char.IsAsciiDigit).Take(14).Count();
        if (length < 4 || length % 2 != 0)
            return null;
        var stamp = digits[..length] + "00000101000000"[length..];
        if (!DateTime.TryParseExact(stamp, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        return Zone(digits[length..]) is { } zone && InRange(local, zone) ? new DateTimeOffset(local, zone) : null;
    }

    private static bool InRange(DateTime local, TimeSpan zone) => local.Ticks - zone.Ticks is >= 0 and <= 3155378975999999999;

    private static TimeSpan? Zone(string text)
    {
        if (text.Length == 0 || text[0] == 'Z')
            return TimeSpan.Zero;
        var parts = text[1..].Split('\'', StringSplitOptions.RemoveEmptyEntries);
        if (text[0] is not ('+' or '-') || parts.Length is 0 or > 2 || !parts.All(p => p.Length == 2 && p.All(char.IsAsciiDigit)))
            return null;
        var zone = new TimeSpan(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0, 0);
        return zone > TimeSpan.FromHours(14) ? null : text[0] == '-' ? -zone : zone;
    }
}
