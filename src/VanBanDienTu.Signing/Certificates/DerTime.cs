using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>The two time types of X.690, with and without seconds, fraction and offset.</summary>
internal static class DerTime
{
    private static readonly string[] UtcForms = ["yyMMddHHmmss", "yyMMddHHmm"];
    private static readonly string[] GeneralizedForms = ["yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMddHH"];

    /// <summary>The instant, or null when it is not a time. Two-digit years from 50 on are of the last century (RFC 5280).</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> content, bool utcTime)
    {
        if (content.Length is < 10 or > 40)
            return null;
        return Usual(content, utcTime) ?? Any(content, utcTime);
    }

    // yyMMddHHmmssZ and yyyyMMddHHmmssZ, the only forms that RFC 5280 allows.
    private static DateTimeOffset? Usual(ReadOnlySpan<byte> content, bool utcTime)
    {
        if (content.Length != (utcTime ? 13 : 15) || content[^1] != 'Z' || content[..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return null;
        var year = utcTime ? (content[0] >= '5' ? 1900 : 2000) + Two(content, 0) : Two(content, 0) * 100 + Two(content, 2);
        var rest = content[(utcTime ? 2 : 4)..];
        var (month, day, hour, minute, second) = (Two(rest, 0), Two(rest, 2), Two(rest, 4), Two(rest, 6), Two(rest, 8));
        return year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
            : null;
    }

    private static int Two(ReadOnlySpan<byte> digits, int at) => (digits[at] - '0') * 10 + digits[at + 1] - '0';

    private static DateTimeOffset? Any(ReadOnlySpan<byte> content, bool utcTime)
    {
        var text = Encoding.Latin1.GetString(content);
        var (body, offset) = SplitOffset(text);
        var fraction = TimeSpan.Zero;
        var dot = body.IndexOfAny(['.', ',']);
        if (dot >= 0)
        {
            if (!double.TryParse("0." + body[(dot + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part))
                return null;
            fraction = TimeSpan.FromTicks((long)(part * TimeSpan.TicksPerSecond));
            body = body[..dot];
        }
        if (offset is null)
            return null;
        if (utcTime)
            body = (body[0] >= '5' ? "19" : "20") + body;
        var forms = utcTime ? UtcForms.Select(f => "yy" + f) : GeneralizedForms;
        return DateTime.TryParseExact(body, [.. forms], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? Instant(local, fraction, offset.Value)
            : null;
    }

    private static DateTimeOffset? Instant(DateTime local, TimeSpan fraction, TimeSpan offset)
    {
        var ticks = local.Ticks + fraction.Ticks - offset.Ticks;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks
            ? null
            : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    private static (string Body, TimeSpan? Offset) SplitOffset(string text)
    {
        if (text.EndsWith('Z'))
            return (text[..^1], TimeSpan.Zero);
        var sign = text.LastIndexOfAny(['+', '-']);
        if (sign < 0)
            return (text, TimeSpan.Zero);
        var digits = text[(sign + 1)..];
        if (digits.Length is not (2 or 4) || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (text, null);
        var minutes = digits.Length == 2 ? number * 60 : number / 100 * 60 + number % 100;
        if (minutes > 14 * 60)
            return (text, null);
        return (text[..sign], TimeSpan.FromMinutes(text[sign] == '-' ? -minutes : minutes));
    }
}
