using System.Globalization;

namespace VanBanDienTu.Relay.Deadlines;

/// <summary>
/// Office hours of Vietnamese agencies (giờ hành chính): which days are worked, and until when. Everything is +07:00, whatever the server's
/// zone. Pure; never changes.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>Vietnam has no summer time.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    /// <summary>Public holidays of a year: 1 + 5 (Tết) + 1 + 1 + 2 + 1. Source: Bộ luật Lao động 2019, Điều 112.</summary>
    private const int HolidaysByLaw = 11;

    private readonly IReadOnlyList<(TimeOnly From, TimeOnly To)> sessions;
    private readonly Dictionary<DateOnly, bool> special;
    private readonly HashSet<int> complete;

    /// <param name="sessions">Of a working day, in order, none overlapping; at least one.</param>
    /// <param name="special">Days that are not as their day of the week says: true = worked (làm bù), false = off (nghỉ lễ, Tết).</param>
    /// <param name="complete">The years of which all such days are known; null = none.</param>
    public WorkingCalendar(
        IReadOnlyList<(TimeOnly From, TimeOnly To)> sessions, IReadOnlyDictionary<DateOnly, bool> special, IEnumerable<int>? complete = null)
    {
        var ordered = sessions.Count > 0 && sessions.All(s => s.From < s.To) && sessions.Zip(sessions.Skip(1)).All(p => p.First.To <= p.Second.From);
        if (!ordered)
            throw new ArgumentException("The sessions of a working day must follow one another.", nameof(sessions));
        (this.sessions, this.special, this.complete) = (sessions, new Dictionary<DateOnly, bool>(special), [.. complete ?? []]);
    }

    /// <summary>Monday to Friday, 08:00–12:00 and 13:30–17:30.</summary>
    public static IReadOnlyList<(TimeOnly From, TimeOnly To)> UsualSessions { get; } =
        [(new TimeOnly(8, 0), new TimeOnly(12, 0)), (new TimeOnly(13, 30), new TimeOnly(17, 30))];

    /// <summary>The usual hours with the public holidays that came with this program.</summary>
    public static WorkingCalendar Default { get; } = Of(UsualSessions, EmbeddedHolidays);

    /// <summary>The file of special days that came with this program.</summary>
    public static string EmbeddedHolidays
    {
        get
        {
            using var reader = new StreamReader(typeof(WorkingCalendar).Assembly.GetManifestResourceStream("VanBanDienTu.Relay.Deadlines.holidays.txt")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>The calendar of these hours and a file of special days; see <see cref="ReadHolidays"/>.</summary>
    /// <exception cref="FormatException">Names the line.</exception>
    public static WorkingCalendar Of(IReadOnlyList<(TimeOnly From, TimeOnly To)> sessions, string holidays)
    {
        var (days, complete) = ReadHolidays(holidays);
        return new WorkingCalendar(sessions, days, complete);
    }

    /// <summary>Reads a file of special days: a line each, <c>2026-02-17 off Tết</c> or <c>2026-08-22 work làm bù</c>; # begins a comment.
    /// <c>2026 complete</c> says that all days of that year are in the file.</summary>
    /// <exception cref="FormatException">Names the line, or the year that is said to be complete and cannot be.</exception>
    public static (IReadOnlyDictionary<DateOnly, bool> Days, IReadOnlySet<int> Complete) ReadHolidays(string text)
    {
        var (days, complete) = (new Dictionary<DateOnly, bool>(), new HashSet<int>());
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words is [{ Length: 4 }, "complete", ..] && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            {
                complete.Add(year);
                continue;
            }

            if (words.Length < 2 || words[1] is not ("off" or "work")
                || !DateOnly.TryParseExact(words[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || !days.TryAdd(day, words[1] == "work"))
                throw new FormatException($"line {i + 1}: «{lines[i].Trim()}» is not «yyyy-MM-dd off|work …», or repeats a day");
        }

        foreach (var year in complete)
        {
            if (days.Count(d => d.Key.Year == year && !d.Value) is < HolidaysByLaw and var few)
                throw new FormatException($"{year} is said to be complete with {few} days off; by law (Bộ luật Lao động 2019, Điều 112) there are {HolidaysByLaw}");
        }

        return (days, complete);
    }

    public bool IsWorkingDay(DateOnly day) =>
        special.TryGetValue(day, out var worked) ? worked : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The years of which all days off and days worked instead are known; deadlines in others may take a holiday for a working day.</summary>
    public IReadOnlySet<int> CompleteYears => complete;

    /// <summary>«Within the day» (NĐ 30/2020 Đ21.2c): the end of that working day; for what comes after hours, of the next one.</summary>
    public DateTimeOffset SameDay(DateTimeOffset received)
    {
        var local = received.ToOffset(Offset);
        var day = DateOnly.FromDateTime(local.DateTime);
        return IsWorkingDay(day) && local < EndOf(day) ? EndOf(day) : EndOf(Next(day.AddDays(1)));
    }

    /// <summary>The end of the day that an answer is wanted by; of the next working day when that one is not worked.</summary>
    public DateTimeOffset By(DateOnly due) => EndOf(Next(due));

    /// <summary>Working time between two instants.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        var (begin, end) = (from.ToOffset(Offset), to.ToOffset(Offset));
        var sum = TimeSpan.Zero;
        for (var day = DateOnly.FromDateTime(begin.DateTime); day <= DateOnly.FromDateTime(end.DateTime); day = day.AddDays(1))
        {
            foreach (var (open, close) in IsWorkingDay(day) ? sessions : [])
            {
                var (a, b) = (At(day, open) > begin ? At(day, open) : begin, At(day, close) < end ? At(day, close) : end);
                sum += b > a ? b - a : TimeSpan.Zero;
            }
        }

        return sum;
    }

    private DateTimeOffset EndOf(DateOnly day) => At(day, sessions[^1].To);

    private DateOnly Next(DateOnly day)
    {
        // A calendar that never works would be a mistake in its file.
        for (var i = 0; i < 366; i++, day = day.AddDays(1))
        {
            if (IsWorkingDay(day))
                return day;
        }

        return day;
    }

    private static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), Offset);
}
