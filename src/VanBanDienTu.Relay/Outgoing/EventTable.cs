using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>What changed, in the order of the commits, for those who watch.</summary>
internal static class EventTable
{
    public const string Out = "out";
    public const string In = "in";

    /// <summary>Numbered at the end of the transaction, so that a greater number is never seen before a smaller one.</summary>
    public static void Append(DatabaseTransaction tx, string side, string organ, DateTimeOffset now, OutgoingEvent what) =>
        tx.AtEnd(() => tx.ExecuteAsync(
            """
            INSERT INTO event (sequence, side, organ, document_id, message_id, recipient, recipient_name, previous_state, state, request,
                               reason_code, reason_vi, reason_en, code, happened_at)
            SELECT COALESCE(MAX(sequence), 0) + 1, @side, @organ, @document, @message, @recipient, @recipientName, @previous, @state, @request,
                   @reasonCode, @reasonVi, @reasonEn, @code, @now FROM event
            """, default,
            ("side", side), ("organ", organ), ("document", what.DocumentId), ("message", what.MessageId), ("recipient", what.Recipient?.Organ),
            ("recipientName", what.Recipient?.Name), ("previous", what.PreviousState), ("state", what.State), ("request", what.Request),
            ("reasonCode", what.Reason?.Code), ("reasonVi", what.Reason?.Vi), ("reasonEn", what.Reason?.En), ("code", what.Code), ("now", now)));

    public static Task<long> LastAsync(DatabaseTransaction tx, CancellationToken ct) =>
        tx.NumberAsync("SELECT MAX(sequence) FROM event", ct);

    public static Task<List<OutgoingEvent>> AfterAsync(
        DatabaseTransaction tx, string side, string organ, long sequence, Guid? document, CancellationToken ct) =>
        tx.QueryAsync(
            """
            SELECT sequence, happened_at, document_id, message_id, recipient, recipient_name, previous_state, state, request,
                   reason_code, reason_vi, reason_en, code
            FROM event WHERE organ = @organ AND side = @side AND sequence > @sequence AND (CAST(@document AS text) IS NULL OR document_id = @document)
            ORDER BY sequence LIMIT 200
            """,
            row => new OutgoingEvent(
                row.Number(0), row.Time(1), row.Id(2), row.IdOrNull(3),
                row.IsNull(4) ? null : new Party(row.Text(4), row.TextOrNull(5)), row.Text(6), row.Text(7), row.Text(8),
                row.IsNull(9) ? null : new Reason(row.Text(9), row.Text(10), row.Text(11)), row.Text(12)), ct,
            ("organ", organ), ("side", side), ("sequence", sequence), ("document", document));
}
