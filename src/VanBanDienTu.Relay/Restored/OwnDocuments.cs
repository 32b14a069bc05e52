using System.Security.Cryptography;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// Documents of this node's units, put back from the messages that left. One whose submission is in the backup goes on as it was sent, not
/// signed a second time; one of which nothing is left is made from its packet, and whoever submits it again gets it.
/// </summary>
internal sealed class OwnDocuments(Ground ground)
{
    /// <summary>In front of what stands for a request id that nobody knows any more.</summary>
    public const string RequestPrefix = "restored:";

    /// <summary>Stands as the document's reason until all of its recipients have a delivery.</summary>
    private const string Mark = "RESTORED";

    /// <summary>One recipient's message, which is stored and had left this node.</summary>
    public async Task PutBackAsync(DatabaseTransaction tx, MessageHeader sent)
    {
        if (await DeliveryTable.FindAsync(tx, sent.Id, default) is not null || EnvelopeCheck.Read(sent).Reading?.Document is not { } document)
            return;
        var now = ground.Now;
        var named = await DocumentTable.FindEdxmlAsync(tx, sent.From.Organ, sent.EdxmlDocumentId, default);
        if (named is not { } id || !await DocumentTable.AdoptAsync(tx, id, sent.Attachments, Mark, now, default))
        {
            id = Guid.CreateVersion7(now);
            var packet = new UnitPacket
            {
                Organ = sent.From.Organ, Envelope = sent.Envelope, Document = document, Attachments = sent.Attachments, Hops = sent.Hops, Only = [],
            };
            var submission = SubmitPacket.Submission(packet, [sent.To], RequestPrefix + id.ToString("D"));
            await DocumentTable.InsertQueuedAsync(tx, new SubmissionReceipt(id, sent.EdxmlDocumentId, "", now), submission, sent.Attachments, "", default);
        }

        var place = (await DeliveryTable.OfDocumentAsync(tx, id, default)).Count;
        await DeliveryTable.InsertAsync(tx, sent.Id, id, place, sent.To, DeliveryState.Relayed, "", null, now, default);
        EventTable.Append(
            tx, EventTable.Out, sent.From.Organ, now,
            new OutgoingEvent(0, now, id, sent.Id, sent.To, "", nameof(DeliveryState.Relayed), "", null, document.Code.ToString()));
    }

    /// <summary>The submission of a document that was made from its packet: it is that document, if it begins with the submitted bytes.</summary>
    /// <returns>Null when it is none of those.</returns>
    public async Task<SubmissionReceipt?> ClaimAsync(Submission submission, string digest, CancellationToken ct)
    {
        if (!ground.Gate.Restored)
            return null;
        var edxmlId = SubmissionRules.EdxmlIdOf(submission, digest);
        var found = await ground.Database.ReadAsync(tx => DocumentTable.FindRestoredAsync(tx, submission.FromOrgan, edxmlId, RequestPrefix, ct), ct);
        if (found is not { } restored || !await BeginsWithAsync(restored.Attachments[0].Payload, submission.Attachments[0].Payload!, ct))
            return null;
        var receipt = new SubmissionReceipt(restored.Id, edxmlId, digest, DateTimeOffset.FromUnixTimeMilliseconds(ground.Now.ToUnixTimeMilliseconds()));
        if (!await ground.Database.WriteAsync(async tx =>
        {
            foreach (var attachment in submission.Attachments)
                await PayloadStore.KeepAsync(tx, attachment.Payload!, default);
            return await DocumentTable.ClaimRestoredAsync(tx, restored.Id, RequestPrefix, digest, submission, Mark, default);
        }, ct))
            return null;
        await CompleteAsync(ct);
        return receipt;
    }

    /// <summary>Queues what was put back for recipients that nobody knows of, with the bytes that the others got, and signs the acceptance.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        foreach (var (id, submission) in await ground.Database.ReadAsync(tx => DocumentTable.AdoptedAsync(tx, Mark, ct), ct))
        {
            if (submission.Recipients.Any(r => ground.Gate.Blocks(r.Organ)))
                continue;
            var queued = await ground.Database.WriteAsync(tx => CompleteAsync(tx, id, submission), ct);
            QueuedDelivery.Wake(ground, queued);
        }
    }

    private async Task<List<QueuedDelivery>> CompleteAsync(DatabaseTransaction tx, Guid id, Submission submission)
    {
        var now = ground.Now;
        var deliveries = await DeliveryTable.OfDocumentAsync(tx, id, default);
        var sent = (await MessageTable.FindAsync(tx, deliveries[0].Id, default))!.Header;
        var missing = submission.Recipients.Where(r => !deliveries.Exists(d => d.Recipient.Organ == r.Organ))
            .Select(r => QueuedDelivery.Of(ground, sent with { Id = Guid.CreateVersion7(now), To = r, Hops = [new Hop(ground.Options.Organ, now)], Created = now })).ToList();
        for (var i = 0; i < missing.Count; i++)
            await missing[i].StoreAsync(tx, id, submission, deliveries.Count + i, now);
        var acceptance = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.SubmissionAcceptance)
        {
            From = new Party(submission.FromOrgan), To = submission.Recipients, RequestId = submission.RequestId, RequestDigest = SubmissionRules.Digest(submission),
            DocumentId = id, EdxmlDocumentId = sent.EdxmlDocumentId, State = nameof(DocumentState.Queued),
            Payloads = [.. sent.Attachments.Select(a => (a.Name, a.Payload))],
        });
        await EvidenceLog.AppendAsync(tx, acceptance, own: true, id, null, default);
        await DocumentTable.SettleAdoptedAsync(tx, id, acceptance.EvidenceId, default);
        return missing;
    }

    /// <summary>A signature only adds to a file: what was submitted is the begin of what was sent.</summary>
    private async Task<bool> BeginsWithAsync(PayloadRef whole, PayloadRef begin, CancellationToken ct)
    {
        if (whole.Size < begin.Size)
            return false;
        await using var stream = ground.Payloads.Open(whole);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 << 10];
        for (var left = begin.Size; left > 0;)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct);
            if (count == 0)
                return false;
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == begin.Sha256;
    }
}
