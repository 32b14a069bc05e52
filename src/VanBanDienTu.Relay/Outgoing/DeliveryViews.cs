using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Deliveries as their sender sees them.</summary>
internal static class DeliveryViews
{
    public static async Task<IReadOnlyList<DeliveryView>> OfDocumentAsync(DatabaseTransaction tx, Guid document, CancellationToken ct)
    {
        var views = await tx.QueryAsync(
            """
            SELECT d.id, d.organ, d.name, d.state, d.request, d.by_whom, d.reason_code, d.reason_vi, d.reason_en, d.contradicted, d.changed_at,
                   o.attempts, o.due_at, o.last_error, d.asked_by
            FROM delivery d LEFT JOIN outbox o ON o.message_id = d.id WHERE d.document_id = @document ORDER BY d.place
            """, Read, ct, ("document", document));
        var history = await tx.QueryAsync(
            """
            SELECT s.delivery_id, s.code, s.description, s.reported_at, s.organ, s.contradicts FROM delivery_status s
            JOIN delivery d ON d.id = s.delivery_id WHERE d.document_id = @document ORDER BY s.reported_at, s.received_at, s.code
            """,
            row => (Id: row.Id(0), Entry: new StatusEntry(row.Text(1), row.TextOrNull(2), row.Time(3), row.Text(4), row.Truth(5))), ct,
            ("document", document));
        var byDelivery = history.ToLookup(h => h.Id, h => h.Entry);
        return [.. views.Select(v => v with { History = [.. byDelivery[v.MessageId]] })];
    }

    private static DeliveryView Read(Row row) => new()
    {
        MessageId = row.Id(0),
        Recipient = new Party(row.Text(1), row.TextOrNull(2)),
        State = row.Word<DeliveryState>(3),
        Request = row.Text(4),
        By = row.TextOrNull(5),
        Reason = row.IsNull(6) ? null : new Reason(row.Text(6), row.Text(7), row.Text(8)),
        Contradicted = row.Truth(9),
        Changed = row.Time(10),
        Attempts = row.IsNull(11) ? 0 : row.Int(11),
        NextAttempt = row.IsNull(12) ? null : row.Time(12),
        LastError = row.TextOrNull(13),
        AskedBy = row.IdOrNull(14),
    };
}
