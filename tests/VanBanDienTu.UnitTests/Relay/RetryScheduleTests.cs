using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.FromHours(7));
    private static readonly RetrySchedule Schedule = RetrySchedule.Default;

    [Theory]
    [InlineData(1, 0, 2.5)]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 10)]
    [InlineData(3, 0.5, 15)]
    [InlineData(9, 1, 1280)]
    [InlineData(10, 1, 1800)]
    [InlineData(1_000_000, 1, 1800)]
    public void A_wait_doubles_up_to_the_longest_and_the_dice_spread_its_upper_half(int attempts, double dice, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.Delay(attempts, dice));

    [Fact]
    public void What_the_peer_asks_for_is_respected_up_to_the_longest_wait()
    {
        Assert.Equal(Start + TimeSpan.FromMinutes(2), Schedule.Next(Start, Start, 1, 0, TimeSpan.FromMinutes(2)));
        Assert.Equal(Start + TimeSpan.FromMinutes(30), Schedule.Next(Start, Start, 1, 0, TimeSpan.FromDays(1)));
        Assert.Equal(Start + TimeSpan.FromSeconds(5), Schedule.Next(Start, Start, 1, 1, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void The_last_chance_is_at_the_horizon_and_after_it_there_is_none()
    {
        var end = Start + Schedule.Horizon;
        Assert.Equal(end, Schedule.Next(end - TimeSpan.FromMinutes(1), Start, 40, 1));
        Assert.Null(Schedule.Next(end, Start, 41, 1));
    }

    [Fact]
    public void Each_class_of_outcome_has_its_own_consequence()
    {
        Assert.IsType<SendDecision.Done>(Decide(new AxisOutcome.Accepted(null)));
        Assert.Equal("LOOP", Assert.IsType<SendDecision.GiveUp>(Decide(new AxisOutcome.Refused(new Reason("LOOP", "", ""), null))).Reason.Code);
        Assert.Equal("MESSAGE_ID_REUSED", Assert.IsType<SendDecision.GiveUp>(Decide(new AxisOutcome.Conflict(null))).Reason.Code);
        Assert.IsType<SendDecision.Retry>(Decide(new AxisOutcome.Unreachable("refused")));
        Assert.Equal(Start + TimeSpan.FromMinutes(1), Assert.IsType<SendDecision.Retry>(Decide(new AxisOutcome.Busy("full", TimeSpan.FromMinutes(1)))).Due);
        Assert.IsType<SendDecision.Retry>(Decide(new AxisOutcome.Failed("digest"), attempt: 4));
        Assert.Equal("CONTENT_FAILED", Assert.IsType<SendDecision.GiveUp>(Decide(new AxisOutcome.Failed("digest"), attempt: 5)).Reason.Code);
        var over = Assert.IsType<SendDecision.GiveUp>(Decide(new AxisOutcome.Unreachable("refused"), queued: Start - Schedule.Horizon));
        Assert.Equal(("HORIZON_OVER", false), (over.Reason.Code, over.Refused));
    }

    private static SendDecision Decide(AxisOutcome outcome, int attempt = 1, DateTimeOffset? queued = null) =>
        SendDecision.Of(outcome, "ministry", attempt, queued ?? Start, Start, Schedule, 1);
}
