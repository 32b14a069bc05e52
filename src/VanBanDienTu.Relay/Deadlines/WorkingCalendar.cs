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

    private readonly IReadOnlyList<(TimeOnly From, TimeOnly To)> sessions;
    private readonly Dictionary<DateOnly, bool> special;

    /// <param name="sessions">Of a working day, in order, none overlapping; at least one.</param>
    /// <param name="special">Days that are not as their day of the week says: true = worked (làm bù), false = off (nghỉ lễ, Tết).</param>
    public WorkingCalendar(IReadOnlyList<(TimeOnly From, TimeOnly To)> sessions, IReadOnlyDictionary<DateOnly, bool> special)
    {
        var ordered = sessions.Count > 0 && sessions.All(s => s.From < s.To) && sessions.Zip(sessions.Skip(1)).All(p => p.First.To <= p.Second.From);
        if (!ordered)
            throw new ArgumentException("The sessions of a working day must follow one another.", nameof(sessions));
        (this.sessions, this.special) = (sessions, new Dictionary<DateOnly, bool>(special));
    }

    /// <summary>Monday to Friday, 08:00–12:00 and 13:30–17:30.</summary>
    public static IReadOnlyList<(TimeOnly From, TimeOnly To)> UsualSessions { get; } =
        [(new TimeOnly(8, 0), new TimeOnly(12, 0)), (new TimeOnly(13, 30), new TimeOnly(17, 30))];

    /// <summary>The usual hours with the public holidays that came with this program.</summary>
    public static WorkingCalendar Default { get; } = new(UsualSessions, ReadHolidays(EmbeddedHolidays));

    /// <summary>The file of special days that came with this program.</summary>
    public static string EmbeddedHolidays
    {
        get
        {
            using var reader = new StreamReader(typeof(WorkingCalendar).Assembly.GetManifestResourceStream("VanBanDienTu.Relay.Deadlines.holidays.txt")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a file of special days: a line each, <c>2026-02-17 off Tết</c> or <c>2026-08-22 work làm bù</c>; # begins a comment.</summary>
    /// <exception cref="FormatException">Names the line.</exception>
    public static IReadOnlyDictionary<DateOnly, bool> ReadHolidays(string text)
    {
        var days = new Dictionary<DateOnly, bool>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words.Length < 2 || words[1] is not ("off" or "work")
                || !DateOnly.TryParseExact(words[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || !days.TryAdd(day, words[1] == "work"))
                throw new FormatException($"line {i + 1}: «{lines[i].Trim()}» is not «yyyy-MM-dd off|work …», or repeats a day");
        }

        return days;
    }

    public bool IsWorkingDay(DateOnly day) =>
        special.TryGetValue(day, out var worked) ? worked : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>Whether some day of the year is known to be special: without any, its holidays were not published to this node.</summary>
    public bool Knows(int year) => special.Keys.Any(day => day.Year == year);

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
