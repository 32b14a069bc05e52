using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>Where a status packet of our unit is on its way.</summary>
internal enum AnswerState
{
    Queued,
    Relayed,
    Failed,
}

/// <summary>Status packets that units of this node sent.</summary>
internal static class AnswerTable
{
    /// <param name="requestId">Unique per organ; made up for answers that the node gives by itself.</param>
    public static Task InsertAsync(
        DatabaseTransaction tx, Guid message, Guid incoming, string organ, string requestId, string digest, string code, string? description,
        DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            INSERT INTO answer (message_id, incoming_id, organ, request_id, digest, code, description, answered_at, state)
            VALUES (@message, @incoming, @organ, @request, @digest, @code, @description, @now, 'Queued')
            """, ct,
            ("message", message), ("incoming", incoming), ("organ", organ), ("request", requestId), ("digest", digest), ("code", code),
            ("description", description), ("now", now));

    /// <summary>An answer that left before this node was put back to an older state; its own digest is not known any more.</summary>
    public static Task PutBackAsync(
        DatabaseTransaction tx, Guid message, StoredIncoming incoming, string requestId, string code, string? description, DateTimeOffset at) =>
        tx.ExecuteAsync(
            """
            INSERT INTO answer (message_id, incoming_id, organ, request_id, digest, code, description, answered_at, state)
            VALUES (@message, @incoming, @organ, @request, '', @code, @description, @at, 'Relayed') ON CONFLICT DO NOTHING
            """, default,
            ("message", message), ("incoming", incoming.Id), ("organ", incoming.Organ), ("request", requestId), ("code", code),
            ("description", description), ("at", at));

    /// <summary>The answer that was given for a request id before.</summary>
    public static async Task<(Guid Message, string Digest)?> FindAsync(DatabaseTransaction tx, string organ, string requestId, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT message_id, digest FROM answer WHERE organ = @organ AND request_id = @request", row => (row.Id(0), row.Text(1)), ct,
            ("organ", organ), ("request", requestId)) is [var found] ? found : null;

    /// <summary>Codes answered about a document, in order.</summary>
    public static async Task<IReadOnlyCollection<string>> CodesAsync(DatabaseTransaction tx, Guid incoming, CancellationToken ct) =>
        await tx.QueryAsync("SELECT code FROM answer WHERE incoming_id = @id ORDER BY answered_at", row => row.Text(0), ct, ("id", incoming));

    public static Task<List<StatusEntry>> HistoryAsync(DatabaseTransaction tx, Guid incoming, CancellationToken ct) => tx.QueryAsync(
        "SELECT code, description, answered_at, organ FROM answer WHERE incoming_id = @id ORDER BY answered_at",
        row => new StatusEntry(row.Text(0), row.TextOrNull(1), row.Time(2), row.Text(3)), ct, ("id", incoming));

    public static async Task<bool> HasFailedAsync(DatabaseTransaction tx, Guid message, CancellationToken ct) =>
        await tx.NumberAsync("SELECT COUNT(*) FROM answer WHERE message_id = @message AND state = 'Failed'", ct, ("message", message)) > 0;

    /// <summary>Nothing happens when the message is not an answer.</summary>
    public static Task MoveAsync(DatabaseTransaction tx, Guid message, AnswerState state, Reason? reason, CancellationToken ct) =>
        tx.ExecuteAsync(
            "UPDATE answer SET state = @state, reason_vi = @vi, reason_en = @en WHERE message_id = @message", ct,
            ("state", state), ("vi", reason?.Vi), ("en", reason?.En), ("message", message));
}
