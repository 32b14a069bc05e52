using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class PdfDatesTests
{
    [Theory]
    [InlineData("D:20261122091530+07'00'", "2026-11-22T09:15:30+07:00")]
    [InlineData("D:20261122091530+07'00", "2026-11-22T09:15:30+07:00")]
    [InlineData("D:20261122091530-03'30'", "2026-11-22T09:15:30-03:30")]
    [InlineData("D:20261122091530+07", "2026-11-22T09:15:30+07:00")]
    [InlineData("D:20261122091530+'07''00''", "2026-11-22T09:15:30+07:00")]
    [InlineData("D:20261122091530Z", "2026-11-22T09:15:30+00:00")]
    [InlineData("20261122", "2026-11-22T00:00:00+00:00")]
    [InlineData("D:20261122091530+", null)]
    [InlineData("D:20261122091530+0700", null)]
    [InlineData("D:20261122091530+7'00'", null)]
    [InlineData("D:20261122091530+07'00'00'", null)]
    [InlineData("D:20261122091530+15'00'", null)]
    [InlineData("D:20261122091530*07'00'", null)]
    public void A_zone_is_a_sign_and_one_or_two_pairs_of_digits(string text, string? time) =>
        Assert.Equal(time, PdfDates.Read(text)?.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
}
