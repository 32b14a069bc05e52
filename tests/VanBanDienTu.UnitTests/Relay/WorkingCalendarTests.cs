using VanBanDienTu.Relay.Deadlines;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar Usual = WorkingCalendar.Default;

    [Theory]
    [InlineData("2026-11-24T08:00:00+07:00", "2026-11-24T17:30:00+07:00")] // a Tuesday morning
    [InlineData("2026-11-24T12:30:00+07:00", "2026-11-24T17:30:00+07:00")] // at noon
    [InlineData("2026-11-24T17:29:59+07:00", "2026-11-24T17:30:00+07:00")]
    [InlineData("2026-11-24T17:30:00+07:00", "2026-11-25T17:30:00+07:00")] // the office has closed
    [InlineData("2026-11-24T16:59:00+00:00", "2026-11-25T17:30:00+07:00")] // 23:59 of the 24th in Vietnam
    [InlineData("2026-11-24T17:01:00+00:00", "2026-11-25T17:30:00+07:00")] // 00:01 of the 25th
    [InlineData("2026-11-27T18:00:00+07:00", "2026-11-30T17:30:00+07:00")] // Friday evening
    [InlineData("2026-11-28T09:00:00+07:00", "2026-11-30T17:30:00+07:00")] // Saturday
    [InlineData("2026-02-13T20:00:00+07:00", "2026-02-23T17:30:00+07:00")] // the evening before Tết: nine days off
    [InlineData("2026-08-21T20:00:00+07:00", "2026-08-22T17:30:00+07:00")] // a Saturday that is worked
    [InlineData("2026-08-28T20:00:00+07:00", "2026-09-03T17:30:00+07:00")] // for the Monday that is off before Quốc khánh
    [InlineData("2026-12-31T20:00:00+07:00", "2027-01-04T17:30:00+07:00")] // over the year, its first day and a weekend
    public void Within_the_day_means_the_office_day_of_Vietnam(string received, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due), Usual.SameDay(DateTimeOffset.Parse(received)));

    [Fact]
    public void A_date_that_is_not_worked_means_the_next_that_is()
    {
        Assert.Equal(DateTimeOffset.Parse("2026-11-24T17:30:00+07:00"), Usual.By(new DateOnly(2026, 11, 24)));
        Assert.Equal(DateTimeOffset.Parse("2026-11-30T17:30:00+07:00"), Usual.By(new DateOnly(2026, 11, 28)));
        Assert.Equal(DateTimeOffset.Parse("2026-05-04T17:30:00+07:00"), Usual.By(new DateOnly(2026, 4, 30)));
    }

    [Fact]
    public void Working_time_counts_sessions_only()
    {
        Assert.Equal(TimeSpan.FromHours(8), Usual.Between(At("2026-11-24T00:00"), At("2026-11-25T00:00")));
        Assert.Equal(TimeSpan.FromHours(2), Usual.Between(At("2026-11-24T11:00"), At("2026-11-24T14:30")));
        Assert.Equal(TimeSpan.FromHours(16), Usual.Between(At("2026-11-27T08:00"), At("2026-11-30T17:30"))); // over a weekend
        Assert.Equal(TimeSpan.Zero, Usual.Between(At("2026-02-14T00:00"), At("2026-02-23T00:00"))); // Tết
        Assert.Equal(TimeSpan.Zero, Usual.Between(At("2026-11-25T00:00"), At("2026-11-24T00:00")));
    }

    [Fact]
    public void Hours_and_holidays_are_data()
    {
        var (days, complete) = WorkingCalendar.ReadHolidays("# của tỉnh\n2026-11-24 off nghỉ\r\n\n2026-11-28 work làm bù\n");
        var calendar = new WorkingCalendar([(new TimeOnly(7, 0), new TimeOnly(11, 0)), (new TimeOnly(13, 0), new TimeOnly(16, 30))], days);
        Assert.Equal(At("2026-11-25T16:30"), calendar.SameDay(At("2026-11-23T16:30")));
        Assert.Equal(At("2026-11-28T16:30"), calendar.SameDay(At("2026-11-27T17:00")));
        Assert.Empty(complete);
        Assert.Empty(calendar.CompleteYears);
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => WorkingCalendar.ReadHolidays("2026-01-01 off x\n2026-13-01 off x")).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => WorkingCalendar.ReadHolidays("2026-01-01 off\n2026-01-01 work"));
        Assert.Throws<FormatException>(() => WorkingCalendar.ReadHolidays("2026-01-01 nghỉ"));
        Assert.Throws<ArgumentException>(() => new WorkingCalendar([(new TimeOnly(13, 0), new TimeOnly(12, 0))], days));
    }

    [Fact]
    public void A_year_is_complete_when_its_file_says_so_and_it_can_be()
    {
        Assert.Equal([2026], Usual.CompleteYears);
        var eleven = string.Join('\n', Enumerable.Range(1, 11).Select(day => $"2027-02-{day:00} off nghỉ"));
        Assert.Equal([2027], WorkingCalendar.ReadHolidays($"{eleven}\n2027 complete\n").Complete);
        Assert.Contains("Điều 112", Assert.Throws<FormatException>(() => WorkingCalendar.ReadHolidays("2027-01-01 off Tết Dương lịch\n2027 complete")).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => WorkingCalendar.ReadHolidays("27 complete"));
    }

    [Theory]
    [InlineData("2026-06-01T00:00", null)]
    [InlineData("2026-11-30T12:00", null)]
    [InlineData("2026-12-02T00:00", 2027)] // deadlines reach into it
    [InlineData("2027-03-01T00:00", 2027)]
    public void A_year_that_is_missing_is_named_before_it_begins(string now, int? year) =>
        Assert.Equal(year, VanBanDienTu.Gateway.Config.Calendars.Missing(Usual, At(now)));

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Auckland")]
    public void The_servers_own_zone_changes_nothing(string zone)
    {
        var before = Environment.GetEnvironmentVariable("TZ");
        try
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
            Assert.NotEqual(TimeSpan.FromHours(7), TimeZoneInfo.Local.BaseUtcOffset);
            Assert.Equal(At("2026-11-24T17:30"), Usual.SameDay(DateTimeOffset.Parse("2026-11-23T20:00:00Z").ToLocalTime()));
            Assert.Equal(At("2026-11-30T17:30"), Usual.By(new DateOnly(2026, 11, 28)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", before);
            TimeZoneInfo.ClearCachedData();
        }
    }

    private static DateTimeOffset At(string local) => DateTimeOffset.Parse($"{local}:00+07:00");
}
