using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Hub;

/// <summary>
/// What a node does with a message that it cannot hand on: signed RelayFailure; its own delivery or answer fails here,
/// a message in transit is reported back to where it began.
/// </summary>
internal sealed class GiveUp(Ground ground)
{
    /// <summary>Signs what must be signed; the answer does the rest inside the transaction that takes the message out of the outbox.</summary>
    /// <param name="by">Who gave up or refused: a link, a node.</param>
    /// <param name="refused">The next hop refused; else we gave up.</param>
    /// <returns>The work, and the destination that it queues a failure message for, if any.</returns>
    public (Func<DatabaseTransaction, Task> Commit, string? Wake) Prepare(StoredMessage message, int attempt, string by, Reason reason, bool refused)
    {
        var failure = ground.Evidence.Sign(EvidenceFacts.About(EvidenceEvent.RelayFailure, message.Header, message.Digest) with
        {
            Attempt = attempt,
            PreviousState = message.Own && message.Header.Kind == MessageKind.Document ? nameof(DeliveryState.Queued) : null,
            State = message.Own && message.Header.Kind == MessageKind.Document ? nameof(DeliveryState.Failed) : null,
            Reason = reason,
        });
        return message.Own
            ? (tx => OwnFailure.HappenAsync(
                tx, message.Header.Id, failure, own: true, by, reason, refused ? DeliveryEvent.HopRefused : DeliveryEvent.GaveUp, ground.Now), null)
            : ReportBack(message, failure);
    }

    private (Func<DatabaseTransaction, Task> Commit, string? Wake) ReportBack(StoredMessage message, SignedEvidence failure)
    {
        var header = message.Header;
        // A failure that cannot be delivered is not reported by another one: it ends here, with its evidence.
        var (link, _) = header.Kind == MessageKind.Failure ? (null, null) : ground.LinkTo(header.From.Organ);
        if (link is null)
            return (tx => EndAsync(tx, header.Id, failure), null);

        var report = new MessageHeader
        {
            Id = Guid.CreateVersion7(ground.Now),
            Kind = MessageKind.Failure,
            From = new Party(ground.Options.Organ),
            To = header.From,
            EdxmlDocumentId = header.EdxmlDocumentId,
            Envelope = ReadOnlyMemory<byte>.Empty,
            Hops = [new Hop(ground.Options.Organ, ground.Now)],
            Urgency = header.Urgency,
            Created = ground.Now,
            Concerns = header.Id,
            Evidence = [failure],
        };
        return (async tx =>
        {
            await EndAsync(tx, header.Id, failure);
            await MessageTable.InsertAsync(tx, report, MessageDigest.Of(report), own: true, default);
            await OutboxTable.QueueAsync(tx, report.Id, link, report.Urgency, ground.Now, null, default);
        }, link);
    }

    private static async Task EndAsync(DatabaseTransaction tx, Guid message, SignedEvidence failure)
    {
        await EvidenceLog.AppendAsync(tx, failure, own: true, null, message, default);
        await MessageTable.GiveUpAsync(tx, message, default);
    }
}
