using System.Runtime.CompilerServices;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>An organ's outgoing documents: where each one is now.</summary>
public sealed class OutgoingDocuments
{
    private const string Select =
        "SELECT id, edxml_id, submission, attachments, state, reason_code, reason_vi, reason_en, received_at, changed_at, outcome, due_at, attempts FROM document";

    private readonly Ground ground;

    internal OutgoingDocuments(Ground ground) => this.ground = ground;

    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>, also for another organ's document.</exception>
    public Task<OutgoingDocument> GetAsync(string organ, Guid documentId, CancellationToken ct) => ground.Database.ReadAsync(
        async tx => await tx.FirstAsync($"{Select} WHERE id = @id AND organ = @organ", Read, ct, ("id", documentId), ("organ", organ)) is { } found
            ? await CompleteAsync(tx, found, ct)
            : throw RelayException.Unknown(documentId.ToString("D")), ct);

    /// <summary>Newest first.</summary>
    /// <param name="size">1 to 500; anything else = 100.</param>
    /// <param name="next">From the page before; null or empty = the first page.</param>
    public async Task<Page<OutgoingDocument>> ListAsync(
        string organ, int size, string? next, string? code, DocumentState? state, CancellationToken ct)
    {
        var most = size is >= 1 and <= 500 ? size : 100;
        var before = PageToken.Read(next) ?? (long.MaxValue, "");
        var page = await ground.Database.ReadAsync(tx => PageAsync(tx, organ, most, before, string.IsNullOrEmpty(code) ? null : code, state, ct), ct);
        return new Page<OutgoingDocument>(page, page.Count < most ? "" : PageToken.Write(page[^1].Received, page[^1].Id));
    }

    /// <summary>Queues failed deliveries again, with the same message ids and bytes.</summary>
    /// <param name="messageIds">Empty = every failed delivery of the document.</param>
    /// <exception cref="RelayException">DocumentUnknown, NotFailed.</exception>
    public async Task<IReadOnlyList<DeliveryView>> RequeueAsync(
        string organ, Guid documentId, IReadOnlyList<Guid> messageIds, CancellationToken ct)
    {
        var woken = await ground.Database.WriteAsync(
            async tx =>
            {
                var deliveries = (await DeliveryTable.OfDocumentAsync(tx, documentId, default)).Where(d => d.Sender == organ).ToList();
                if (deliveries.Count == 0 || messageIds.Any(id => deliveries.TrueForAll(d => d.Id != id)))
                    throw RelayException.Unknown(documentId.ToString("D"));
                var chosen = messageIds.Count == 0
                    ? deliveries.Where(d => d.State == DeliveryState.Failed).ToList() : deliveries.Where(d => messageIds.Contains(d.Id)).ToList();
                if (chosen.Count == 0 || chosen.Exists(d => d.State != DeliveryState.Failed))
                {
                    throw new RelayException(
                        RelayFault.NotFailed, "Chỉ gửi lại được những nơi nhận đang ở trạng thái thất bại.", "Only failed deliveries can be queued again.");
                }

                var links = new List<string>();
                foreach (var delivery in chosen)
                    links.Add(await RequeueAsync(tx, delivery));
                return links;
            }, ct);
        foreach (var link in woken)
            ground.Outbox(link).Raise();
        return await ground.Database.ReadAsync(tx => DeliveryViews.OfDocumentAsync(tx, documentId, ct), ct);
    }

    /// <summary>A waiting message is due now: what it waited for is here. False when nothing of this id waits.</summary>
    public async Task<bool> SendNowAsync(Guid message, CancellationToken ct)
    {
        var link = await ground.Database.WriteAsync(tx => OutboxTable.DueNowAsync(tx, message, ground.Now, default), ct);
        if (link is not null)
            ground.Outbox(link).Raise();
        return link is not null;
    }

    /// <summary>Every change of the organ's documents, in order, as it is committed; ends only by cancelling.</summary>
    /// <param name="afterSequence">0 = from the beginning; -1 = only what comes from now on.</param>
    /// <param name="documentId">Only this document; null = all.</param>
    public async IAsyncEnumerable<OutgoingEvent> WatchAsync(
        string organ, long afterSequence, Guid? documentId, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = afterSequence >= 0 ? afterSequence : await ground.Database.ReadAsync(tx => EventTable.LastAsync(tx, ct), ct);
        while (true)
        {
            var told = ground.Database.Told.Next;
            var events = await ground.Database.AskAsync(tx => EventTable.AfterAsync(tx, EventTable.Out, organ, seen, documentId, ct), ct);
            foreach (var e in events)
                yield return e;
            if (events.Count > 0)
                seen = events[^1].Sequence;
            else
                await Signal.WaitAsync(told, TimeSpan.FromSeconds(5), ground.Time, ct);
        }
    }

    private async Task<string> RequeueAsync(DatabaseTransaction tx, StoredDelivery delivery)
    {
        var (link, why) = ground.LinkTo(delivery.Recipient.Organ);
        if (link is null)
            throw new RelayException(RelayFault.OrganUnknown, why!.Vi, why.En);
        var message = (await MessageTable.FindAsync(tx, delivery.Id, default))!;
        await OutboxTable.QueueAsync(tx, delivery.Id, link, message.Header.Urgency, ground.Now, null, default, delivery.Sender);
        await DeliveryTable.HappenAsync(tx, delivery, DeliveryEvent.Requeued, ground.Now, default);
        await OpenRequest.FollowAsync(tx, delivery, "open", ground.Now);
        return link;
    }

    internal static async Task<List<OutgoingDocument>> PageAsync(
        DatabaseTransaction tx, string organ, int most, (long At, string Id) before, string? code, DocumentState? state, CancellationToken ct)
    {
        var found = await tx.QueryAsync(
            $"""
            {Select} WHERE organ = @organ{(code is null ? "" : " AND code = @code")} AND (received_at, id) < (@received, @id)
              AND (CAST(@state AS text) IS NULL OR state = @state)
            ORDER BY received_at DESC, id DESC LIMIT @most
            """, Read, ct,
            ("organ", organ), ("received", before.At), ("id", before.Id), ("code", code), ("state", state), ("most", most));
        var complete = new List<OutgoingDocument>(found.Count);
        foreach (var row in found)
            complete.Add(await CompleteAsync(tx, row, ct));
        return complete;
    }

    private static async Task<OutgoingDocument> CompleteAsync(DatabaseTransaction tx, OutgoingRow row, CancellationToken ct)
    {
        var (document, outcome) = row;
        return document with
        {
            Deliveries = await DeliveryViews.OfDocumentAsync(tx, document.Id, ct),
            Responses = await ResponseTable.ToOutgoingAsync(tx, document.Id, ct),
            Outcome = outcome is null ? null : await EvidenceLog.FindAsync(tx, outcome, ct),
        };
    }

    private static OutgoingRow Read(Row row)
    {
        var submission = RowJson.Read<Submission>(row.Text(2));
        var attachments = RowJson.Read<List<Attachment>>(row.Text(3));
        return new OutgoingRow(
            new OutgoingDocument
            {
                Id = row.Id(0),
                EdxmlDocumentId = row.Text(1),
                Submission = submission,
                Attachments = attachments.Count > 0
                    ? attachments : [.. submission.Attachments.Select(a => new Attachment(a.Name, a.Payload!, a.ContentType, a.Description))],
                State = row.Word<DocumentState>(4),
                Reason = row.IsNull(5) ? null : new Reason(row.Text(5), row.Text(6), row.Text(7)),
                Received = row.Time(8),
                Changed = row.Time(9),
                NextAttempt = row.Word<DocumentState>(4) == DocumentState.Held ? row.Time(11) : null,
                Attempts = row.Int(12),
            },
            row.TextOrNull(10));
    }

    private sealed record OutgoingRow(OutgoingDocument Document, string? Outcome);
}
