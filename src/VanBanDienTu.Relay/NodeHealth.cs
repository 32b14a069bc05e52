using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay;

/// <summary>How a node is doing.</summary>
/// <param name="Problems">One sentence for each thing that is wrong; empty = healthy.</param>
/// <param name="Preparing">Documents received and not yet signed and packed.</param>
/// <param name="Held">Documents waiting for an authority or a person.</param>
/// <param name="UnconfirmedIncoming">Arrived and not yet fetched by their unit.</param>
public sealed record HealthReport(
    IReadOnlyList<Reason> Problems, IReadOnlyList<DestinationHealth> Destinations, long Preparing, long Held, long UnconfirmedIncoming,
    long EvidenceCount, long FreeBytes, bool DiskFull)
{
    public bool Healthy => Problems.Count == 0;
}

/// <summary>How one next hop is doing.</summary>
/// <param name="Breaker">Closed, Open or HalfOpen.</param>
/// <param name="ClockSkew">The peer's clock minus ours at the last receipt.</param>
public sealed record DestinationHealth(
    string Name, long Waiting, DateTimeOffset? Oldest, string Breaker, string? LastError, TimeSpan ClockSkew);

/// <summary>A message that could not be read or matched; its raw bytes are kept.</summary>
public sealed record QuarantinedMessage(string Id, DateTimeOffset Received, string Peer, Guid? MessageId, Reason Reason, ReadOnlyMemory<byte> Bytes);
