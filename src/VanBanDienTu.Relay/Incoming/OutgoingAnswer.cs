using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>A status about something that arrived: its packet, its evidence and its row, queued in one transaction.</summary>
internal static class OutgoingAnswer
{
    /// <param name="packet">The unit's own packet; null = it is written here.</param>
    public static StatusMessage Write(
        Ground ground, StoredIncoming incoming, EdxmlStatusCode code, string? description, (string? Department, string? Staff) who,
        IReadOnlyList<SignedEvidence> evidence, ReadOnlyMemory<byte>? packet = null) =>
        StatusMessage.Write(
            ground, new Party(incoming.Organ, ground.Find(incoming.Organ)?.Name), incoming.From,
            (incoming.Id, incoming.EdxmlDocumentId, incoming.Code, DateOnly.TryParse(incoming.Promulgated, out var date) ? date : null),
            incoming.From.Organ, code, description, who, evidence, packet);

    /// <param name="requestId">The unit's own id, or one that the node makes up for an answer it gives by itself.</param>
    public static async Task QueueAsync(
        DatabaseTransaction tx, StatusMessage message, StoredIncoming incoming, string requestId, string digest, string code, string? description,
        DateTimeOffset now)
    {
        await message.QueueAsync(tx, now);
        await AnswerTable.InsertAsync(tx, message.Header.Id, incoming.Id, incoming.Organ, requestId, digest, code, description, now, default);
        await DeadlineTable.AnsweredAsync(tx, incoming.Id, code, now, default);
        if (message.NoRoute is { } why)
            await AnswerTable.MoveAsync(tx, message.Header.Id, AnswerState.Failed, why, default);
    }

    /// <summary>A status that could not be delivered is sent again, the same bytes under the same id; nothing happens to any other.</summary>
    public static async Task SendAgainAsync(Ground ground, Guid message)
    {
        if (!await ground.Database.ReadAsync(tx => AnswerTable.HasFailedAsync(tx, message, default)))
            return;
        var stored = (await ground.Database.ReadAsync(tx => MessageTable.FindAsync(tx, message, default)))!.Header;
        if (ground.LinkTo(stored.To.Organ).Link is not { } link)
            return;
        await ground.Database.WriteAsync(async tx =>
        {
            if (!await AnswerTable.HasFailedAsync(tx, message, default))
                return false;
            await AnswerTable.MoveAsync(tx, message, AnswerState.Queued, null, default);
            await OutboxTable.QueueAsync(tx, message, link, stored.Urgency, ground.Now, stored.Concerns, default);
            return true;
        });
        ground.Outbox(link).Raise();
    }
}
