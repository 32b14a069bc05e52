using System.Globalization;
using VanBanDienTu.Relay.Deadlines;

namespace VanBanDienTu.Gateway.Config;

/// <summary>The working calendar that a node's configuration describes.</summary>
public static class Calendars
{
    /// <summary>Deadlines reach into the next year so long before it begins.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(31);

    /// <summary>The year, this one or the one that begins soon, of which not all holidays are known; null = none.</summary>
    public static int? Missing(WorkingCalendar calendar, DateTimeOffset now)
    {
        var (first, last) = (now.ToOffset(WorkingCalendar.Offset).Year, (now + Ahead).ToOffset(WorkingCalendar.Offset).Year);
        return !calendar.CompleteYears.Contains(first) ? first : !calendar.CompleteYears.Contains(last) ? last : null;
    }

    /// <exception cref="GatewayException">ConfigurationInvalid: the file of holidays or the hours cannot be read.</exception>
    public static WorkingCalendar Of(NodeConfig config)
    {
        if (config.Calendar is not { } calendar)
            return WorkingCalendar.Default;
        try
        {
            return WorkingCalendar.Of(
                calendar.Sessions.Count == 0 ? WorkingCalendar.UsualSessions : [.. calendar.Sessions.Select(Session)],
                calendar.Holidays is { } file ? File.ReadAllText(config.PathOf(file)) : WorkingCalendar.EmbeddedHolidays);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(
                GatewayFault.ConfigurationInvalid, $"Không đọc được lịch làm việc (calendar): {e.Message}", $"The section calendar cannot be read: {e.Message}", e);
        }
    }

    private static (TimeOnly From, TimeOnly To) Session(string text) =>
        text.Split('-') is [var from, var to]
        && TimeOnly.TryParseExact(from.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begin)
        && TimeOnly.TryParseExact(to.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            ? (begin, end)
            : throw new FormatException($"«{text}» is not like «08:00-12:00»");
}
