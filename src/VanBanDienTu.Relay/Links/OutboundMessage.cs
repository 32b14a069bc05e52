using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.Links;

/// <summary>A message on its way to the next hop, and where its attachments' bytes are.</summary>
/// <param name="Header">Hops end with this node.</param>
/// <param name="ImmutableDigest">See <see cref="MessageDigest"/>.</param>
/// <param name="Attempt">From 1.</param>
public sealed record OutboundMessage(MessageHeader Header, string ImmutableDigest, int Attempt, PayloadStore Payloads)
{
    /// <summary>
    /// Whether a packet that a far side lists as sent belongs to another message of ours; asked before a resend, by links whose far side has
    /// ids of its own.
    /// </summary>
    public required Func<string, CancellationToken, Task<bool>> IsOthersAsync { get; init; }

    /// <summary>The bytes of one attachment, from their beginning; the caller closes it.</summary>
    public Stream Open(Attachment attachment) => Payloads.Open(attachment.Payload);
}
