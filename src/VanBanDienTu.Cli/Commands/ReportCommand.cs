using System.CommandLine;
using Spectre.Console;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Figures;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt report</c>: the figures of a quarter or of any days, as an agency's office reports them.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var quarter = new Option<string?>("--quarter") { Description = "quý; mặc định là quý này / default: the current one", HelpName = "2026-Q3" };
        var from = new Option<string?>("--from") { Description = "ngày đầu / first day", HelpName = "yyyy-MM-dd" };
        var to = new Option<string?>("--to") { Description = "ngày cuối, mặc định hôm nay; tất cả không quá 366 ngày / last day, default today; at most 366 days", HelpName = "yyyy-MM-dd" };
        var organ = new Option<string?>("--organ") { Description = "đơn vị; mặc định: của mình, với auditor là cả nút / default: one's own, for an auditor the whole node", HelpName = "ID" };
        var json = Options.Json();
        var csv = new Option<string?>("--csv") { Description = "ghi bảng cho bảng tính / write a table for spreadsheets", HelpName = "FILE" };
        var html = new Option<string?>("--html") { Description = "ghi một trang để in / write a page to print", HelpName = "FILE" };
        var command = new Command(
            "report", "Số liệu của một kỳ: văn bản đi, đến, đã ký số, đúng hạn, chứng thư / Figures of a period: sent, received, signed, in time, certificates")
            {
                quarter, from, to, organ, json, csv, html,
            };
        var node = new NodeOptions(command);
        return command.WithExamples(
            "report", "report --quarter 2026-Q3 --html quy-3.html --csv quy-3.csv", "report --from 2026-01-01 --to 2026-12-31 --organ G99.63 --json").Does(async (parsed, terminal, ct) =>
        {
            var today = DateOnly.FromDateTime(VietnamTime.Now(TimeProvider.System).DateTime);
            var period = ReportPeriod.Of(parsed.GetValue(quarter), parsed.GetValue(from), parsed.GetValue(to), today);
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var figures = await connection.Audit.GetFiguresAsync(
                new GetFiguresRequest { FromDate = $"{period.From:yyyy-MM-dd}", ToDate = $"{period.To:yyyy-MM-dd}", OrganId = parsed.GetValue(organ) ?? "" },
                cancellationToken: ct);
            if (parsed.GetValue(csv) is { } table) Save(table, terminal, file => FiguresPage.Csv(figures, file));
            if (parsed.GetValue(html) is { } page) Save(page, terminal, file => file.Write(System.Text.Encoding.UTF8.GetBytes(FiguresPage.Html(figures, period))));
            if (parsed.GetValue(json)) terminal.WriteJson(figures);
            else Show(figures, period, terminal, today);
            return ExitCode.Ok;
        });
    }

    private static void Show(PeriodFigures figures, ReportPeriod period, Terminal terminal, DateOnly today)
    {
        terminal.Out.WriteLine($"{period.Name}{(period.To >= today ? " (tính đến nay)" : "")}: {FiguresPage.Whose(figures)}, nút / node {figures.Node}, lúc {VietnamTime.Text(figures.TimeUnixMs)}");
        var table = new Table { Border = TableBorder.Minimal };
        table.AddColumns(new TableColumn("Chỉ tiêu"), new TableColumn("Số lượng").RightAligned(), new TableColumn("Tỷ lệ").RightAligned());
        foreach (var section in FigureRow.All(figures).GroupBy(row => row.Section, StringComparer.Ordinal))
        {
            table.AddRow(section.Key, "", "");
            foreach (var row in section)
                table.AddRow(Markup.Escape($"  {(row.Of is null ? "" : "– ")}{row.Vi}"), row.Number, row.Share);
        }
        terminal.Table.Write(table);
        foreach (var certificate in figures.Certificates.Certificates)
            terminal.Out.WriteLine($"  {VietnamTime.Text(certificate.NotAfterUnixMs)}  {certificate.Use}  {certificate.Subject}");
    }

    private static void Save(string path, Terminal terminal, Action<FileStream> write)
    {
        using (var file = File.Create(path)) write(file);
        terminal.Error.WriteLine(path);
    }
}
