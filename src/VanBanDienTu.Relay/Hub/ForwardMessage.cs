using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Hub;

/// <summary>A hub's work: the message is written once in the form it is forwarded in, with this node at the end of its trace.</summary>
internal sealed class ForwardMessage(Ground ground)
{
    public async Task QueueAsync(DatabaseTransaction tx, MessageHeader message, string digest, string link)
    {
        var forwarded = message with { Hops = [.. message.Hops, new Hop(ground.Options.Organ, ground.Now)] };
        await MessageTable.InsertAsync(tx, forwarded, digest, own: false, default);
        await OutboxTable.QueueAsync(tx, message.Id, link, message.Urgency, ground.Now, message.Concerns, default);
    }

    /// <summary>
    /// A sender sends again what this hub had given up: its operator wants another try. The receipt stays the one that it has;
    /// the same bytes go out once more.
    /// </summary>
    public async Task TakeUpAsync(MessageHeader message)
    {
        if (!await ground.Database.ReadAsync(tx => MessageTable.IsGivenUpAsync(tx, message.Id, default)))
            return;
        var (link, _) = ground.LinkTo(message.To.Organ);
        if (link is null)
            return;
        await ground.Database.WriteAsync(async tx =>
        {
            if (await MessageTable.TakeUpAsync(tx, message.Id, default))
                await OutboxTable.QueueAsync(tx, message.Id, link, message.Urgency, ground.Now, message.Concerns, default);
            return true;
        });
        ground.Outbox(link).Raise();
    }
}
