using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Links;

/// <summary>What the next hop made of a message.</summary>
public abstract record AxisOutcome
{
    private AxisOutcome()
    {
    }

    /// <summary>It is durable over there.</summary>
    /// <param name="Receipt">Signed by the peer; null from a far side that does not sign.</param>
    /// <param name="PeerTime">The peer's clock at its answer; null when it did not say.</param>
    /// <param name="FarId">The far side's own id of the packet; null when it has none.</param>
    public sealed record Accepted(SignedEvidence? Receipt, DateTimeOffset? PeerTime = null, string? FarId = null) : AxisOutcome;

    /// <summary>Permanent: repeating will not help.</summary>
    public sealed record Refused(Reason Reason, SignedEvidence? Receipt) : AxisOutcome;

    /// <summary>The peer holds another message under this id.</summary>
    public sealed record Conflict(SignedEvidence? Evidence) : AxisOutcome;

    /// <summary>The peer is there but cannot take it now (disk full, overload).</summary>
    public sealed record Busy(string Why, TimeSpan? RetryAfter) : AxisOutcome;

    /// <summary>No answer; it may or may not have taken effect.</summary>
    public sealed record Unreachable(string Why) : AxisOutcome;

    /// <summary>The content does not arrive as it should (a digest that differs on the far side); retried, given up early.</summary>
    public sealed record Failed(string Why) : AxisOutcome;
}
