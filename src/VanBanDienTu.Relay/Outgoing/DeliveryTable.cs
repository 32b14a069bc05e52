using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>A delivery with what is needed to move it.</summary>
internal sealed record StoredDelivery(
    Guid Id, Guid DocumentId, Party Recipient, DeliveryState State, string Request, string Sender, string EdxmlDocumentId, string Code,
    BusinessType BusinessType, Guid? AskedBy);

/// <summary>Deliveries, one row per document and recipient.</summary>
internal static class DeliveryTable
{
    private const string Joined =
        "SELECT d.id, d.document_id, d.organ, d.name, d.state, d.request, o.organ, o.edxml_id, o.code, o.business_type, d.asked_by FROM delivery d JOIN document o ON o.id = d.document_id";

    public static Task InsertAsync(
        DatabaseTransaction tx, Guid id, Guid document, int place, Party recipient, DeliveryState state, string request, Reason? reason,
        DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            INSERT INTO delivery (id, document_id, place, organ, name, state, request, reason_code, reason_vi, reason_en, contradicted, changed_at)
            VALUES (@id, @document, @place, @organ, @name, @state, @request, @reasonCode, @reasonVi, @reasonEn, 0, @now)
            """, ct,
            ("id", id), ("document", document), ("place", place), ("organ", recipient.Organ), ("name", recipient.Name), ("state", state),
            ("request", request), ("reasonCode", reason?.Code), ("reasonVi", reason?.Vi), ("reasonEn", reason?.En), ("now", now));

    public static Task<StoredDelivery?> FindAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        tx.FirstAsync($"{Joined} WHERE d.id = @id{tx.Locked("d")}", Read, ct, ("id", id));

    /// <summary>The delivery that a status without an id of ours speaks of: the only one of this edXML document to the reporting organ.</summary>
    /// <param name="except">Not of this document, which asks for another of the same id.</param>
    public static async Task<StoredDelivery?> MatchAsync(
        DatabaseTransaction tx, string sender, string edxmlId, string reporter, CancellationToken ct, Guid? except = null) =>
        await tx.QueryAsync(
            $"""
            {Joined} WHERE o.edxml_id = @edxml AND o.organ = @sender AND d.organ = @reporter AND o.business_type <> 1
              AND (CAST(@except AS text) IS NULL OR o.id <> @except) LIMIT 2{tx.Locked("d")}
            """, Read, ct,
            ("edxml", edxmlId), ("sender", sender), ("reporter", reporter), ("except", except)) is [var only] ? only : null;

    /// <summary>The deliveries that a later document's delivery asks something of.</summary>
    public static Task<List<StoredDelivery>> AskedByAsync(DatabaseTransaction tx, Guid asking, CancellationToken ct) =>
        tx.QueryAsync($"{Joined} WHERE d.asked_by = @asking ORDER BY d.id{tx.Locked("d")}", Read, ct, ("asking", asking));

    public static Task SetAskedByAsync(DatabaseTransaction tx, Guid id, Guid asking, CancellationToken ct) =>
        tx.ExecuteAsync("UPDATE delivery SET asked_by = @asking WHERE id = @id", ct, ("asking", asking), ("id", id));

    public static Task<List<StoredDelivery>> OfDocumentAsync(DatabaseTransaction tx, Guid document, CancellationToken ct) =>
        tx.QueryAsync($"{Joined} WHERE d.document_id = @document ORDER BY d.place{tx.Locked("d")}", Read, ct, ("document", document));

    /// <summary>Lets an event happen to a delivery: moves it when the event moves its state, tells those who watch.</summary>
    /// <param name="happened">Anything but what its recipient says of it; see <see cref="ReportedAsync"/>.</param>
    /// <param name="request">The request beside the state from now on; null = unchanged.</param>
    /// <returns>What became of it.</returns>
    public static async Task<DeliveryStep> HappenAsync(
        DatabaseTransaction tx, StoredDelivery delivery, DeliveryEvent? happened, DateTimeOffset now, CancellationToken ct,
        string? by = null, Reason? reason = null, string? request = null)
    {
        var step = happened is { } e ? Delivery.Next(delivery.State, e) : new DeliveryStep(delivery.State);
        var (moved, asked) = (step.State != delivery.State, request is not null && request != delivery.Request);
        if (!moved && !asked)
            return step;
        await SetAsync(tx, delivery.Id, step, request ?? delivery.Request, moved, by, reason, now, ct);
        Tell(tx, delivery, step, request ?? delivery.Request, reason, now);
        return step;
    }

    /// <summary>A status was kept: the delivery is where all that its recipient said puts it, whatever came first; who watches is told.</summary>
    /// <param name="message">The message that brought it.</param>
    /// <returns>What became of it.</returns>
    public static async Task<DeliveryStep> ReportedAsync(DatabaseTransaction tx, StoredDelivery delivery, Guid message, DateTimeOffset now, CancellationToken ct)
    {
        var kept = await tx.QueryAsync(
            "SELECT message_id, code, description, reported_at, organ, contradicts FROM delivery_status WHERE delivery_id = @id AND code < '10'",
            row => new KeptStatus(row.Id(0), new StatusEntry(row.Text(1), row.TextOrNull(2), row.Time(3), row.Text(4), row.Truth(5))), ct, ("id", delivery.Id));
        var reading = StatusHistory.Read(kept);
        var judgedAnew = kept.FindAll(s => s.Entry.Contradicts != reading.Against.Contains(s.Message));
        foreach (var status in judgedAnew)
        {
            await tx.ExecuteAsync(
                "UPDATE delivery_status SET contradicts = @contradicts WHERE delivery_id = @id AND message_id = @message", ct,
                ("contradicts", !status.Entry.Contradicts), ("id", delivery.Id), ("message", status.Message));
        }

        var given = delivery.State == DeliveryState.Recalled; // the end of every road
        var step = new DeliveryStep(given ? delivery.State : reading.State, Contradicts: judgedAnew.Exists(s => !s.Entry.Contradicts));
        var moved = step.State != delivery.State;
        if (reading.Decisive is not { } said || (!moved && !step.Contradicts && (given || said.Message != message)))
            return step;
        var reason = said.Entry.Reason;
        await SetAsync(tx, delivery.Id, step, delivery.Request, !given, said.Entry.Organ, reason, now, ct);
        if (moved || step.Contradicts)
            Tell(tx, delivery, step, delivery.Request, step.Contradicts ? Contradiction(delivery.State, step.State, reason) : reason, now);
        return step;
    }

    private static Task SetAsync(
        DatabaseTransaction tx, Guid id, DeliveryStep step, string request, bool said, string? by, Reason? reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            UPDATE delivery SET state = @to, request = @request, contradicted = CASE WHEN @contradicts = 1 THEN 1 ELSE contradicted END,
              by_whom = CASE WHEN @said = 1 THEN @by ELSE by_whom END,
              reason_code = CASE WHEN @said = 1 THEN @reasonCode ELSE reason_code END,
              reason_vi = CASE WHEN @said = 1 THEN @reasonVi ELSE reason_vi END,
              reason_en = CASE WHEN @said = 1 THEN @reasonEn ELSE reason_en END,
              changed_at = @now
            WHERE id = @id
            """, ct,
            ("to", step.State), ("request", request), ("contradicts", step.Contradicts), ("said", said), ("by", by),
            ("reasonCode", reason?.Code), ("reasonVi", reason?.Vi), ("reasonEn", reason?.En), ("now", now), ("id", id));

    private static void Tell(DatabaseTransaction tx, StoredDelivery delivery, DeliveryStep step, string request, Reason? reason, DateTimeOffset now) =>
        EventTable.Append(
            tx, EventTable.Out, delivery.Sender, now,
            new OutgoingEvent(
                0, now, delivery.DocumentId, delivery.Id, delivery.Recipient, delivery.State.ToString(), step.State.ToString(), request, reason, delivery.Code));

    /// <summary>Keeps a status as history; false when this very message was kept before.</summary>
    public static async Task<bool> KeepStatusAsync(
        DatabaseTransaction tx, Guid delivery, Guid message, StatusEntry status, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(
            """
            INSERT INTO delivery_status (delivery_id, message_id, code, description, reported_at, organ, contradicts, received_at)
            VALUES (@delivery, @message, @code, @description, @at, @organ, @contradicts, @now) ON CONFLICT (delivery_id, message_id) DO NOTHING
            """, ct,
            ("delivery", delivery), ("message", message), ("code", status.Code), ("description", status.Description), ("at", status.Time),
            ("organ", status.Organ), ("contradicts", status.Contradicts), ("now", now)) == 1;

    private static Reason Contradiction(DeliveryState known, DeliveryState now, Reason? reason) => known == now
        ? new(
            "CONTRADICTION",
            $"Trạng thái mới trái với «{known}» đã biết; giữ nguyên và ghi lại. {reason?.Vi}".TrimEnd(),
            $"The new status contradicts {known}, which is known; kept as history only. {reason?.En}".TrimEnd())
        : new(
            "CONTRADICTION",
            $"Trạng thái mới trái với «{known}» đã biết nhưng được nói trước: theo trạng thái nói trước, «{now}». {reason?.Vi}".TrimEnd(),
            $"The new status contradicts {known}, which is known, but was said before it: what was said first counts, {now}. {reason?.En}".TrimEnd());

    private static StoredDelivery Read(Row row) => new(
        row.Id(0), row.Id(1), new Party(row.Text(2), row.TextOrNull(3)), row.Word<DeliveryState>(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8),
        (BusinessType)row.Int(9), row.IdOrNull(10));
}
