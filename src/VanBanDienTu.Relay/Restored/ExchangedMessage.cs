using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Restored;

/// <summary>What one node remembers of a message that passed between it and the node that asks.</summary>
/// <param name="ByAsker">The asker sent it; else it signed something about it.</param>
/// <param name="Digest">The immutable digest; see <see cref="MessageDigest"/>.</param>
/// <param name="Evidence">The receipt for what the asker sent; else what the asker signed: a receipt, a handover, an answer.</param>
/// <param name="Carrier">The message that brought the asker's evidence; null when it came as a receipt.</param>
public sealed record ExchangedMessage(
    Guid Id, MessageKind Kind, bool ByAsker, string Digest, Party From, Party To, SignedEvidence Evidence, Guid? Carrier, DateTimeOffset Time);

/// <summary>One page.</summary>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record ExchangedPage(IReadOnlyList<ExchangedMessage> Messages, string? Next);

/// <summary>A link whose far end remembers what passed between us.</summary>
public interface IPeerMemory
{
    /// <summary>What passed since an instant, our messages and theirs.</summary>
    /// <param name="page">From the page before; empty = the first.</param>
    /// <exception cref="PeerMemoryException">No answer now; worth a retry.</exception>
    Task<ExchangedPage> ListAsync(DateTimeOffset since, string page, CancellationToken ct);

    /// <summary>One of those messages, whole.</summary>
    /// <param name="keep">Keeps one attachment's bytes; called in the order of the header's.</param>
    /// <returns>Null when the far end does not have it any more.</returns>
    /// <exception cref="PeerMemoryException">No answer now; worth a retry.</exception>
    Task<MessageHeader?> FetchAsync(Guid message, Func<Attachment, IAsyncEnumerable<ReadOnlyMemory<byte>>, Task> keep, CancellationToken ct);
}

/// <summary>The far end did not answer, or does not know the question.</summary>
public sealed class PeerMemoryException(string message, Exception? cause = null) : Exception(message, cause);
