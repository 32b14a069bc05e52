using System.Globalization;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Figures;

/// <summary>The figures as one page to print, and as a table for spreadsheets.</summary>
internal static class FiguresPage
{
    public static string Html(PeriodFigures figures, ReportPeriod period)
    {
        var page = HtmlText.Page("Số liệu văn bản điện tử", "Figures of electronic documents");
        page.Row("Kỳ báo cáo", "Period", period.Name);
        page.Row("Đơn vị", "Organ", Whose(figures));
        page.Row("Nút", "Node", figures.Node);
        page.Row("Lập lúc", "Counted at", HtmlText.Time(VietnamTime.At(figures.TimeUnixMs)));
        foreach (var section in FigureRow.All(figures).GroupBy(row => row.Section, StringComparer.Ordinal))
        {
            page.Raw("<h2>").Text(section.Key).Raw("</h2><table><tr><th>Chỉ tiêu</th><th>Số lượng</th><th>Tỷ lệ</th></tr>");
            foreach (var row in section)
            {
                page.Raw("<tr><td>").Raw(row.Of is null ? "" : "&emsp;– ").Both(new(row.Vi, row.En)).Raw("</td><td class=\"number\">").Text(row.Number)
                    .Raw("</td><td class=\"number\">").Text(row.Share).Raw("</td></tr>");
            }
            page.Raw("</table>");
        }
        if (figures.Certificates.Certificates.Count > 0)
        {
            page.Raw("<table><tr><th>Chứng thư</th><th>Dùng để</th><th>Hết hạn</th></tr>");
            foreach (var certificate in figures.Certificates.Certificates)
            {
                page.Raw("<tr><td>").Text(certificate.Subject).Raw("</td><td>").Text(certificate.Use).Raw("</td><td>")
                    .Text(HtmlText.Time(VietnamTime.At(certificate.NotAfterUnixMs))).Raw("</td></tr>");
            }
            page.Raw("</table>");
        }
        return page.End();
    }

    public static void Csv(PeriodFigures figures, Stream target)
    {
        using var csv = new CsvText(target);
        csv.Line("organId", "from", "to", "name", "chỉ tiêu", "count", "of");
        foreach (var row in FigureRow.All(figures))
        {
            csv.Line(
                figures.OrganId, figures.FromDate, figures.ToDate, row.Name, row.Vi, row.Count.ToString(CultureInfo.InvariantCulture),
                row.Of?.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static string Whose(PeriodFigures figures) => figures.OrganId.Length > 0 ? figures.OrganId : "tất cả đơn vị của nút";
}
