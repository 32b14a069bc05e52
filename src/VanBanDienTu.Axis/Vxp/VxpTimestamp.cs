using System.Globalization;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>The protocol's timestamp: <c>21112024T091530+0123</c>, Vietnam time; what follows the plus sign are milliseconds, not a zone.</summary>
public static class VxpTimestamp
{
    private const string Seconds = "ddMMyyyy'T'HHmmss";

    public static string Write(DateTimeOffset time)
    {
        var local = time.ToOffset(EdxmlTime.Offset);
        return string.Create(CultureInfo.InvariantCulture, $"{local.ToString(Seconds, CultureInfo.InvariantCulture)}+{local.Millisecond:0000}");
    }

    /// <summary>False for anything else, an offset such as <c>+07:00</c> included.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is not { Length: 20 } || text[15] != '+'
            || !int.TryParse(text.AsSpan(16), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > 999
            || !DateTime.TryParseExact(text.AsSpan(0, 15), Seconds, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year < 2000)
            return false;
        time = new DateTimeOffset(local, EdxmlTime.Offset).AddMilliseconds(milliseconds);
        return true;
    }
}
