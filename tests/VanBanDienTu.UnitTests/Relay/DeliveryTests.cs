using VanBanDienTu.Relay.Outgoing;
using static VanBanDienTu.Relay.Outgoing.DeliveryEvent;
using static VanBanDienTu.Relay.Outgoing.DeliveryState;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class DeliveryTests
{
    private const DeliveryState Clash = (DeliveryState)(-1);

    private static readonly DeliveryEvent[] Columns =
        [HopAccepted, HopRefused, GaveUp, Requeued, RecallRequested, RecallAgreed, StatusArrived, StatusRejected, StatusAccepted, StatusAssigned, StatusInProgress, StatusFinished];

    /// <summary>The whole table, written by hand from DESIGN.md section 3: one row per state, one column per event.</summary>
    private static readonly Dictionary<DeliveryState, DeliveryState[]> Table = new()
    {
        //               accepted    refused     gave up     requeued    recall      agreed    01          02        03          04          05          06
        [Queued] =     [Relayed,    Failed,     Failed,     Queued,     Recalled,   Recalled, Arrived,    Rejected, Accepted,   Assigned,   InProgress, Finished],
        [Relayed] =    [Relayed,    Failed,     Failed,     Relayed,    Relayed,    Recalled, Arrived,    Rejected, Accepted,   Assigned,   InProgress, Finished],
        [Arrived] =    [Arrived,    Arrived,    Arrived,    Arrived,    Arrived,    Recalled, Arrived,    Rejected, Accepted,   Assigned,   InProgress, Finished],
        [Accepted] =   [Accepted,   Accepted,   Accepted,   Accepted,   Accepted,   Recalled, Accepted,   Clash,    Accepted,   Assigned,   InProgress, Finished],
        [Assigned] =   [Assigned,   Assigned,   Assigned,   Assigned,   Assigned,   Recalled, Assigned,   Clash,    Assigned,   Assigned,   InProgress, Finished],
        [InProgress] = [InProgress, InProgress, InProgress, InProgress, InProgress, Recalled, InProgress, Clash,    InProgress, InProgress, InProgress, Finished],
        [Finished] =   [Finished,   Finished,   Finished,   Finished,   Finished,   Recalled, Finished,   Clash,    Finished,   Finished,   Finished,   Finished],
        [Rejected] =   [Rejected,   Rejected,   Rejected,   Rejected,   Rejected,   Recalled, Rejected,   Rejected, Clash,      Clash,      Clash,      Clash],
        [Failed] =     [Relayed,    Failed,     Failed,     Queued,     Failed,     Recalled, Arrived,    Rejected, Accepted,   Assigned,   InProgress, Finished],
        [Recalled] =   [Recalled,   Recalled,   Recalled,   Recalled,   Recalled,   Recalled, Recalled,   Recalled, Recalled,   Recalled,   Recalled,   Recalled],
    };

    public static TheoryData<DeliveryState, DeliveryEvent> Pairs()
    {
        var pairs = new TheoryData<DeliveryState, DeliveryEvent>();
        foreach (var state in Enum.GetValues<DeliveryState>())
        {
            foreach (var happened in Enum.GetValues<DeliveryEvent>())
                pairs.Add(state, happened);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_of_state_and_event_has_the_answer_of_the_table(DeliveryState state, DeliveryEvent happened)
    {
        var expected = Table[state][Array.IndexOf(Columns, happened)];
        Assert.Equal(expected == Clash ? new DeliveryStep(state, Contradicts: true) : new DeliveryStep(expected), Delivery.Next(state, happened));
    }

    [Theory]
    [InlineData("01", StatusArrived)]
    [InlineData("02", StatusRejected)]
    [InlineData("06", StatusFinished)]
    [InlineData("13", null)]
    [InlineData("15", null)]
    public void A_status_code_stands_for_one_event(string code, DeliveryEvent? happened) => Assert.Equal(happened, Delivery.OfStatus(code));
}
