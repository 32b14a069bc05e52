using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class BreakerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    private static readonly BreakerRule Rule = new(3, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));

    [Fact]
    public void It_opens_after_failures_in_a_row_and_an_answer_begins_the_count_again()
    {
        var twice = Breaker.Fresh.Failed(Now, Rule).Failed(Now, Rule);
        Assert.Equal(8, twice.Permits(Now, 8, anyInFlight: false));
        Assert.Equal(BreakerMode.Open, twice.Failed(Now, Rule).Mode);
        Assert.Equal(BreakerMode.Closed, Breaker.Answered().Failed(Now, Rule).Failed(Now, Rule).Mode);
    }

    [Fact]
    public void An_open_one_lets_exactly_one_probe_through_when_its_time_comes()
    {
        var open = Opened();
        Assert.Equal(0, open.Permits(Now + TimeSpan.FromSeconds(4), 8, anyInFlight: false));
        Assert.Equal(0, open.Permits(Now + TimeSpan.FromSeconds(5), 8, anyInFlight: true));
        Assert.Equal(1, open.Permits(Now + TimeSpan.FromSeconds(5), 8, anyInFlight: false));
        Assert.Equal(0, open.Sending().Permits(Now + TimeSpan.FromSeconds(5), 8, anyInFlight: true));
    }

    [Fact]
    public void A_failed_probe_doubles_the_rest_up_to_the_longest()
    {
        var first = Opened().Sending().Failed(Now, Rule);
        Assert.Equal(Now + TimeSpan.FromSeconds(10), first.OpenUntil);
        var second = first.Sending().Failed(Now, Rule);
        Assert.Equal(Now + TimeSpan.FromSeconds(15), second.OpenUntil);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_make_a_rest_longer()
    {
        var opened = Opened();
        Assert.Equal(0, opened.Permits(Now - TimeSpan.FromSeconds(4), 8, anyInFlight: false));
        Assert.Equal(1, opened.Permits(Now - TimeSpan.FromHours(26), 8, anyInFlight: false));
    }

    private static Breaker Opened() => Breaker.Fresh.Failed(Now, Rule).Failed(Now, Rule).Failed(Now, Rule);
}
