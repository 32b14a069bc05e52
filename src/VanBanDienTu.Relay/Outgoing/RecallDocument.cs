using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>A sender takes a document back (lấy lại). What never left is cancelled here; the others are asked by status 13.</summary>
public sealed class RecallDocument
{
    private readonly Ground ground;

    internal RecallDocument(Ground ground) => this.ground = ground;

    /// <summary>Deliveries that failed, or were taken back before, stay as they are.</summary>
    /// <param name="recipients">Empty = all.</param>
    /// <param name="reason">1 to 1,000 characters; the recipient reads it.</param>
    /// <exception cref="RelayException">DocumentUnknown, InvalidField, ReasonRequired, RequestAlreadyOpen.</exception>
    public async Task<IReadOnlyList<DeliveryView>> RunAsync(
        string organ, Guid documentId, IReadOnlyList<string> recipients, string reason, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new RelayException(RelayFault.ReasonRequired, "Lấy lại văn bản phải kèm lý do.", "A recall needs a reason.");
        if (reason.Length > 1000)
            throw RelayException.For([new("reason", "dài quá 1.000 ký tự.", "is longer than 1,000 characters.")]);
        var deliveries = await ground.Database.ReadAsync(tx => ChosenAsync(tx, organ, documentId, recipients, ct), ct);
        if (deliveries.Count == 0 && await CancelPreparationAsync(documentId, reason))
            return [];
        deliveries = await ground.Database.ReadAsync(tx => ChosenAsync(tx, organ, documentId, recipients, ct), ct);
        var asked = deliveries.ToDictionary(d => d.Delivery.Id, d => Ask(d.Delivery, d.Promulgated, reason));
        await ground.Database.WriteAsync(
            async tx =>
            {
                var now = await ChosenAsync(tx, organ, documentId, recipients, default);
                foreach (var (delivery, _) in now)
                    await TakeBackAsync(tx, delivery, asked[delivery.Id], reason);
                return true;
            }, ct);
        foreach (var (message, _) in asked.Values)
        {
            if (message.Link is { } link)
                ground.Outbox(link).Raise();
        }

        return await ground.Database.ReadAsync(tx => DeliveryViews.OfDocumentAsync(tx, documentId, ct), ct);
    }

    /// <summary>Nothing is signed and packed yet: the document is refused here, with evidence, and whoever prepares it loses the lease.</summary>
    /// <returns>False when the preparation ended meanwhile.</returns>
    private async Task<bool> CancelPreparationAsync(Guid documentId, string why)
    {
        var reason = new Reason("RECALLED", why, why);
        var rejection = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.SubmissionRejection)
        {
            DocumentId = documentId, State = nameof(DocumentState.Refused), Reason = reason,
        });
        return await ground.Database.WriteAsync(async tx =>
        {
            if (!await DocumentTable.CancelAsync(tx, documentId, reason, rejection.EvidenceId, ground.Now, default))
                return false;
            await EvidenceLog.AppendAsync(tx, rejection, own: true, documentId, null, default);
            return true;
        });
    }

    private async Task TakeBackAsync(
        DatabaseTransaction tx, StoredDelivery delivery, (StatusMessage Message, SignedEvidence Evidence) ask, string why)
    {
        var (now, reason) = (ground.Now, new Reason("RECALLED", why, why));
        if (delivery.State is DeliveryState.Failed or DeliveryState.Recalled)
            return;
        await EvidenceLog.AppendAsync(tx, ask.Evidence, own: true, delivery.DocumentId, delivery.Id, default);
        // Only what no attempt was made for is certainly not on the other side.
        if (delivery.State == DeliveryState.Queued && await OutboxTable.CancelAsync(tx, delivery.Id, default))
        {
            await DeliveryTable.HappenAsync(
                tx, delivery, DeliveryEvent.RecallRequested, now, default, delivery.Sender, reason, request: "recall:agreed");
            return;
        }

        // The request waits in the outbox behind the document itself, if that is still there.
        await ask.Message.QueueAsync(tx, now);
        await DeliveryTable.HappenAsync(tx, delivery, null, now, default, null, reason, request: "recall:open");
    }

    private (StatusMessage Message, SignedEvidence Evidence) Ask(StoredDelivery delivery, DateOnly? promulgated, string reason)
    {
        var from = new Party(delivery.Sender, ground.Find(delivery.Sender)?.Name);
        var evidence = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.BusinessStatus)
        {
            From = from,
            To = [delivery.Recipient],
            DocumentId = delivery.DocumentId,
            EdxmlDocumentId = delivery.EdxmlDocumentId,
            MessageId = delivery.Id,
            Status = EdxmlStatusCode.TakeBack.Code(),
            Reason = new Reason("RECALL", reason, reason),
        });
        return (StatusMessage.Write(
            ground, from, delivery.Recipient, (delivery.Id, delivery.EdxmlDocumentId, delivery.Code, promulgated),
            delivery.Recipient.Organ, EdxmlStatusCode.TakeBack, reason, default, [evidence]), evidence);
    }

    private static async Task<List<(StoredDelivery Delivery, DateOnly? Promulgated)>> ChosenAsync(
        DatabaseTransaction tx, string organ, Guid documentId, IReadOnlyList<string> recipients, CancellationToken ct)
    {
        var document = await tx.FirstAsync(
            $"SELECT submission FROM document WHERE id = @id AND organ = @organ{tx.Locked("document")}", row => RowJson.Read<Submission>(row.Text(0)), ct,
            ("id", documentId), ("organ", organ)) ?? throw RelayException.Unknown(documentId.ToString("D"));
        var deliveries = await DeliveryTable.OfDocumentAsync(tx, documentId, ct);
        if (recipients.FirstOrDefault(r => deliveries.TrueForAll(d => d.Recipient.Organ != r)) is { } stranger)
            throw RelayException.For([new("recipients", $"văn bản không gửi tới {stranger}, hoặc chưa xếp hàng.", $"the document was not sent to {stranger}, or is not queued yet.")]);
        var chosen = deliveries.Where(d => recipients.Count == 0 || recipients.Contains(d.Recipient.Organ, StringComparer.Ordinal)).ToList();
        if (chosen.FirstOrDefault(d => OpenRequest.IsOpen(d.Request)) is { } open)
            throw OpenRequest.AlreadyOpen(open.Request, open.Recipient.Organ);
        return [.. chosen.Select(d => (d, document.Document.PromulgationDate))];
    }
}
