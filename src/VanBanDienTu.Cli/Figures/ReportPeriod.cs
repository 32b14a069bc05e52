using System.Globalization;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Figures;

/// <summary>The days that a report is about, in Vietnam's calendar; both count.</summary>
internal sealed record ReportPeriod(DateOnly From, DateOnly To)
{
    /// <summary>Text as in the words that named it: «quý III/2026», or the two days.</summary>
    public string Name => From.Day == 1 && From.Month % 3 == 1 && To == From.AddMonths(3).AddDays(-1)
        ? $"Quý {Roman[(From.Month - 1) / 3]}/{From.Year}"
        : $"Từ {From:dd/MM/yyyy} đến {To:dd/MM/yyyy}";

    private static readonly string[] Roman = ["I", "II", "III", "IV"];

    /// <param name="quarter">Such as 2026-Q3; null with both days null = the quarter of today.</param>
    /// <param name="from">First day, yyyy-MM-dd; alone = from then to today.</param>
    /// <param name="to">Last day.</param>
    /// <exception cref="CommandException">The words are wrong (exit 64).</exception>
    public static ReportPeriod Of(string? quarter, string? from, string? to, DateOnly today)
    {
        if (from is null && to is null)
            return quarter is null ? Quarter(today.Year, (today.Month + 2) / 3) : Quarter(quarter);
        if (quarter is not null)
            throw new CommandException(ExitCode.Usage, "Hãy cho --quarter, hoặc --from và --to.", "Give --quarter, or --from and --to.");
        if (from is null)
            throw new CommandException(ExitCode.Usage, "--to cần có --from.", "--to needs --from.");
        var period = new ReportPeriod(Day("--from", from), to is null ? today : Day("--to", to));
        return period.From <= period.To
            ? period
            : throw new CommandException(ExitCode.Usage, $"Ngày đầu {period.From:yyyy-MM-dd} ở sau ngày cuối {period.To:yyyy-MM-dd}.", $"{period.From:yyyy-MM-dd} is after {period.To:yyyy-MM-dd}.");
    }

    private static ReportPeriod Quarter(string text) =>
        text is [_, _, _, _, '-', 'Q' or 'q', >= '1' and <= '4' and var number]
        && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year > 0
            ? Quarter(year, number - '0')
            : throw new CommandException(ExitCode.Usage, $"--quarter «{text}» không có dạng 2026-Q3.", $"--quarter «{text}» is not of the form 2026-Q3.");

    private static ReportPeriod Quarter(int year, int number)
    {
        var first = new DateOnly(year, 3 * number - 2, 1);
        return new ReportPeriod(first, first.AddMonths(2).AddDays(DateTime.DaysInMonth(year, 3 * number) - 1));
    }

    private static DateOnly Day(string option, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new CommandException(ExitCode.Usage, $"{option} «{text}» không có dạng yyyy-MM-dd.", $"{option} «{text}» is not of the form yyyy-MM-dd.");
}
