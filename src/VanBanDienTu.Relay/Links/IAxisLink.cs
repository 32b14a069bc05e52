namespace VanBanDienTu.Relay.Links;

/// <summary>The way to one next hop: our own node over gRPC, the national axis, a folder for air-gapped carriage.</summary>
public interface IAxisLink
{
    /// <summary>Unique among a node's links; routes name it.</summary>
    string Name { get; }

    /// <summary>
    /// Hands one message over. May be called again with the same message after any outcome, also after one that took effect:
    /// the far side answers a repeated message id with the receipt that it gave before.
    /// </summary>
    /// <returns>What became of it. Failures are values; an exception counts as <see cref="AxisOutcome.Unreachable"/>.</returns>
    Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct);
}
