using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>A status about something that arrived: its packet, its evidence and its row, queued in one transaction.</summary>
internal static class OutgoingAnswer
{
    public static StatusMessage Write(
        Ground ground, StoredIncoming incoming, EdxmlStatusCode code, string? description, (string? Department, string? Staff) who,
        IReadOnlyList<SignedEvidence> evidence) =>
        StatusMessage.Write(
            ground, new Party(incoming.Organ, ground.Find(incoming.Organ)?.Name), incoming.From,
            (incoming.Id, incoming.EdxmlDocumentId, incoming.Code, DateOnly.TryParse(incoming.Promulgated, out var date) ? date : null),
            incoming.From.Organ, code, description, who, evidence);

    /// <param name="requestId">The unit's own id, or one that the node makes up for an answer it gives by itself.</param>
    public static async Task QueueAsync(
        DatabaseTransaction tx, StatusMessage message, StoredIncoming incoming, string requestId, string digest, string code, string? description,
        DateTimeOffset now)
    {
        await message.QueueAsync(tx, now);
        await AnswerTable.InsertAsync(tx, message.Header.Id, incoming.Id, incoming.Organ, requestId, digest, code, description, now, default);
        if (message.NoRoute is { } why)
            await AnswerTable.MoveAsync(tx, message.Header.Id, AnswerState.Failed, why, default);
    }
}
