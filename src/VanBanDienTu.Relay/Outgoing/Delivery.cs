namespace VanBanDienTu.Relay.Outgoing;

using static DeliveryState;
using static DeliveryEvent;

/// <summary>Where one document is on its way to one recipient.</summary>
public enum DeliveryState
{
    Queued,
    Relayed,

    /// <summary>01 đã đến</summary>
    Arrived,

    /// <summary>03 đã tiếp nhận</summary>
    Accepted,

    /// <summary>04 phân công</summary>
    Assigned,

    /// <summary>05 đang xử lý</summary>
    InProgress,

    /// <summary>06 hoàn thành</summary>
    Finished,

    /// <summary>02 từ chối</summary>
    Rejected,
    Failed,

    /// <summary>Lấy lại: cancelled before it left, or given back (15).</summary>
    Recalled,
}

/// <summary>What can happen to a delivery.</summary>
public enum DeliveryEvent
{
    HopAccepted,
    HopRefused,

    /// <summary>We, or a hub further on, gave up.</summary>
    GaveUp,
    Requeued,

    /// <summary>The sender takes it back while nothing has left yet.</summary>
    RecallRequested,

    /// <summary>15 to an open recall.</summary>
    RecallAgreed,
    StatusArrived,
    StatusRejected,
    StatusAccepted,
    StatusAssigned,
    StatusInProgress,
    StatusFinished,
}

/// <summary>What an event makes of a state.</summary>
/// <param name="Contradicts">The news cannot be true together with what was said before: kept as history and flagged, the state stays.</param>
public sealed record DeliveryStep(DeliveryState State, bool Contradicts = false);

/// <summary>The life of a delivery. Every pair of state and event has an answer; none blocks the feed.</summary>
public static class Delivery
{
    public static DeliveryStep Next(DeliveryState state, DeliveryEvent happened) => (state, happened) switch
    {
        (Recalled, _) => Stay(state),                                      // the end of every road
        (Queued or Failed, HopAccepted) => To(Relayed),                    // even late: the attempt outlived its lease
        (Queued or Relayed, HopRefused or GaveUp) => To(Failed),
        (Failed, Requeued) => To(Queued),
        (Queued, RecallRequested) => To(Recalled),                         // nothing left yet: a local cancel
        (_, RecallAgreed) => To(Recalled),
        (Accepted or Assigned or InProgress or Finished, StatusRejected) => Contradicts(state),
        (Rejected, StatusAccepted or StatusAssigned or StatusInProgress or StatusFinished) => Contradicts(state),
        (_, StatusRejected) => To(Rejected),
        (not Rejected, _) when Reported(happened) is { } s && Rank(s) > Rank(state) => To(s), // a later status proves the earlier ones
        _ => Stay(state),                                                  // echoes, and news that came late: history only
    };

    /// <summary>The event that a status code stands for; null for codes that are not about progress (13, 15, 16).</summary>
    public static DeliveryEvent? OfStatus(string code) => code switch
    {
        "01" => StatusArrived,
        "02" => StatusRejected,
        "03" => StatusAccepted,
        "04" => StatusAssigned,
        "05" => StatusInProgress,
        "06" => StatusFinished,
        _ => null,
    };

    private static DeliveryState? Reported(DeliveryEvent happened) => happened switch
    {
        StatusArrived => Arrived,
        StatusAccepted => Accepted,
        StatusAssigned => Assigned,
        StatusInProgress => InProgress,
        StatusFinished => Finished,
        _ => null,
    };

    // Failed is below Relayed: a delivery that we gave up may have arrived all the same, and a status proves it.
    private static int Rank(DeliveryState state) => state switch
    {
        Queued or Failed => 0,
        Relayed => 1,
        Arrived => 2,
        Accepted => 3,
        Assigned => 4,
        InProgress => 5,
        Finished => 6,
        _ => 7,
    };

    private static DeliveryStep To(DeliveryState state) => new(state);

    private static DeliveryStep Stay(DeliveryState state) => new(state);

    private static DeliveryStep Contradicts(DeliveryState state) => new(state, Contradicts: true);
}
