using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>One recipient of a document that is ready: its message, and the way there or why there is none.</summary>
internal sealed record QueuedDelivery(MessageHeader Header, string Digest, string? Link, Reason? NoRoute)
{
    public static QueuedDelivery Of(Ground ground, MessageHeader header)
    {
        var (link, why) = ground.LinkTo(header.To.Organ);
        return new QueuedDelivery(header, MessageDigest.Of(header), link, why);
    }

    /// <summary>Stores message, delivery and outbox row, and tells those who watch.</summary>
    /// <param name="place">Among the document's recipients, from 0.</param>
    /// <exception cref="RelayException">RequestAlreadyOpen: something else is asked of the same document of the same recipient.</exception>
    public async Task StoreAsync(DatabaseTransaction tx, Guid document, Submission submission, int place, DateTimeOffset now)
    {
        await MessageTable.InsertAsync(tx, Header, Digest, own: true, default);
        var state = Link is null ? DeliveryState.Failed : DeliveryState.Queued;
        var request = OpenRequest.Of(submission.BusinessType);
        var after = await OpenRequest.AskAsync(tx, document, submission, Header, now);
        await DeliveryTable.InsertAsync(tx, Header.Id, document, place, Header.To, state, request, NoRoute, now, default);
        EventTable.Append(
            tx, EventTable.Out, Header.From.Organ, now,
            new OutgoingEvent(0, now, document, Header.Id, Header.To, "", state.ToString(), request, NoRoute, submission.Document.Code));
        if (Link is not null)
            await OutboxTable.QueueAsync(tx, Header.Id, Link, Header.Urgency, now, after, default, submission.FromOrgan);
    }

    /// <summary>Call after the commit.</summary>
    public static void Wake(Ground ground, IEnumerable<QueuedDelivery> deliveries)
    {
        foreach (var link in deliveries.Select(d => d.Link).OfType<string>().Distinct(StringComparer.Ordinal))
            ground.Outbox(link).Raise();
    }
}
