using System.CommandLine;
using System.Globalization;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Issue;

namespace VanBanDienTu.Cli.Commands;

/// <summary>The order of signing of NĐ 30/2020, person → số, ngày → organisation: <c>--reserve-number --reserve-date</c> first, <c>--number --date</c> then.</summary>
internal sealed class IssueWords
{
    private readonly Option<string?> number = new("--number") { Description = "điền số, ký hiệu vào ô dành sẵn, trong cùng bản cập nhật với chữ ký này / fill number and notation into their field", HelpName = "TEXT" };
    private readonly Option<string?> date = new("--date") { Description = "điền ngày ban hành: 2026-11-22 hoặc today / fill the day of issue", HelpName = "DATE" };
    private readonly Option<string?> numberField = new("--number-field") { Description = $"trường của số, ký hiệu; không có thì {IssueDetails.NumberFieldName} và các tên thường dùng / the field for the number", HelpName = "NAME" };
    private readonly Option<string?> dateField = new("--date-field") { Description = $"trường của ngày; không có thì {IssueDetails.DateFieldName} và các tên thường dùng / the field for the date", HelpName = "NAME" };
    private readonly Option<string?> reserveNumber = new("--reserve-number") { Description = "dành ô cho số, ký hiệu, cùng chữ ký đầu tiên / reserve a field for the number, with the first signature", HelpName = "x,y,w,h|after:TEXT" };
    private readonly Option<string?> reserveDate = new("--reserve-date") { Description = "dành ô cho ngày ban hành / reserve a field for the date", HelpName = "x,y,w,h|after:TEXT" };
    private readonly Option<int> reservePage = new("--reserve-page") { Description = "trang của các ô dành sẵn / page of reserved fields", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { number, date, numberField, dateField, reserveNumber, reserveDate, reservePage }) command.Add(option);
    }

    public SignatureRequest Apply(ParseResult parsed, SignatureRequest request) => request with
    {
        Issue = parsed.GetValue(number) is null && parsed.GetValue(date) is null ? null : new IssueDetails
        {
            Number = parsed.GetValue(number), Date = Day(parsed.GetValue(date)), NumberField = parsed.GetValue(numberField), DateField = parsed.GetValue(dateField),
        },
        Reserved = [.. Reserved(parsed)],
    };

    private IEnumerable<ReservedField> Reserved(ParseResult parsed)
    {
        foreach (var (option, usual, named) in new[] { (reserveNumber, IssueDetails.NumberFieldName, numberField), (reserveDate, IssueDetails.DateFieldName, dateField) })
        {
            if (parsed.GetValue(option) is not { } place) continue;
            var after = place.StartsWith("after:", StringComparison.Ordinal) ? place["after:".Length..] : null;
            var rect = after is null ? Rectangle.Parse(place) : null;
            yield return new ReservedField(parsed.GetValue(named) ?? usual, parsed.GetValue(reservePage),
                rect is null ? null : new PdfRectangle(rect.X, rect.Y, rect.X + rect.Width, rect.Y + rect.Height), after);
        }
    }

    private static DateOnly? Day(string? text)
    {
        if (text is null) return null;
        if (text == "today") return DateOnly.FromDateTime(VietnamTime.Now(TimeProvider.System).DateTime);
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new CommandException(ExitCode.Usage, $"--date «{text}» phải có dạng 2026-11-22 hoặc today.", $"--date «{text}» must be like 2026-11-22, or today.");
    }
}
