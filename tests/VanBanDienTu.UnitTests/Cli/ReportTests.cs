using VanBanDienTu.Cli.Figures;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.UnitTests.Cli;

public sealed class ReportTests
{
    [Theory]
    [InlineData(null, null, null, "2026-10-01", "2026-12-31", "Quý IV/2026")]
    [InlineData("2026-Q1", null, null, "2026-01-01", "2026-03-31", "Quý I/2026")]
    [InlineData("2024-q2", null, null, "2024-04-01", "2024-06-30", "Quý II/2024")]
    [InlineData(null, "2026-07-01", "2026-09-30", "2026-07-01", "2026-09-30", "Quý III/2026")]
    [InlineData(null, "2026-01-01", null, "2026-01-01", "2026-11-22", "Từ 01/01/2026 đến 22/11/2026")]
    [InlineData(null, "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", "Từ 29/02/2024 đến 29/02/2024")]
    public void A_period_is_a_quarter_or_two_days_and_both_count(string? quarter, string? from, string? to, string first, string last, string name)
    {
        var period = ReportPeriod.Of(quarter, from, to, new DateOnly(2026, 11, 22));
        Assert.Equal((DateOnly.Parse(first), DateOnly.Parse(last), name), (period.From, period.To, period.Name));
    }

    [Theory]
    [InlineData("2026-Q5", null, null)]
    [InlineData("0000-Q1", null, null)]
    [InlineData("Q3", null, null)]
    [InlineData("2026-Q1", "2026-01-01", null)]
    [InlineData(null, null, "2026-01-01")]
    [InlineData(null, "01/01/2026", null)]
    [InlineData(null, "2026-02-30", null)]
    [InlineData(null, "2026-03-01", "2026-02-01")]
    public void Other_words_are_a_usage_error(string? quarter, string? from, string? to) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => ReportPeriod.Of(quarter, from, to, new DateOnly(2026, 11, 22))).ExitCode);

    [Fact]
    public void Shares_are_of_what_they_are_part_of_and_numbers_as_Vietnamese_readers_write_them()
    {
        var rows = FigureRow.All(Figures).ToDictionary(row => row.Name, StringComparer.Ordinal);
        Assert.Equal(("24.201", ""), (rows["issued"].Number, rows["issued"].Share));
        Assert.Equal("97,3%", rows["signed-by-person"].Share);
        Assert.Equal((20, "50,0%"), (rows["deliveries"].Count, rows["delivered"].Share));
        Assert.Equal((8, "75,0%", "12,5%", "12,5%", ""), (rows["receipt"].Count, rows["receipt-on-time"].Share, rows["receipt-late"].Share, rows["receipt-overdue"].Share, rows["receipt-open"].Share));
        Assert.Equal("", rows["answer-on-time"].Share); // nothing was due: no share, not 0 %
    }

    [Fact]
    public void What_a_certificate_says_is_text_in_the_page_never_markup()
    {
        var figures = Figures.Clone();
        figures.Certificates.Certificates.Add(new CertificateStatus { Use = "signing G99", Subject = "CN=<script>alert(1)</script>" });
        var page = FiguresPage.Html(figures, ReportPeriod.Of("2026-Q3", null, null, default));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("III/2026", page, StringComparison.Ordinal);
    }

    private static PeriodFigures Figures => new()
    {
        Sent = new SentFigures { Issued = 24_201, SignedByOrganization = 24_000, SignedByPerson = 23_550, NotRecorded = 201 },
        Deliveries = new DeliveryFigures { Delivered = 10, Rejected = 1, Recalled = 2, Failed = 3, Open = 4 },
        Receipt = new DeadlineFigures { OnTime = 6, Late = 1, Overdue = 1, Open = 5 },
        Answer = new DeadlineFigures(),
        Certificates = new CertificateFigures(),
    };
}
