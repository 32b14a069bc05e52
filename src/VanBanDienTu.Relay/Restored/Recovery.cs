using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// Puts back what a neighbour remembers of this node: what it gave us comes in again under the receipt that it has from us, what we sent gets its
/// receipt again, what our units answered is known again. What does not hold, or is not there any more, is listed.
/// </summary>
internal sealed class Recovery(Ground ground, IntakeCommit commit, ReceiptCheck receipts)
{
    private readonly OwnDocuments own = new(ground);

    /// <returns>Whether something was put back.</returns>
    /// <exception cref="PeerMemoryException">The neighbour went away.</exception>
    public Task<bool> ApplyAsync(string link, IPeerMemory peer, ExchangedMessage item, CancellationToken ct) =>
        item.ByAsker ? SentAsync(link, peer, item, ct)
        : ReceiptCheck.Acceptances.Any(e => e.ToString() == item.Evidence.Event) && item.Carrier is null ? ReceivedAsync(link, peer, item, ct)
        : SaidAsync(link, item, ct);

    /// <summary>Documents that were found half sent are sent to the rest of their recipients.</summary>
    public Task CompleteAsync(CancellationToken ct) => own.CompleteAsync(ct);

    /// <summary>We signed a receipt for it: it comes in again, and the receipt is that one.</summary>
    private async Task<bool> ReceivedAsync(string link, IPeerMemory peer, ExchangedMessage item, CancellationToken ct)
    {
        var known = await ground.Database.ReadAsync(tx => ArrivalTable.FindAsync(tx, item.Id, ct), ct);
        if (known?.Receipt.EvidenceId == item.Evidence.EvidenceId)
            return false;
        if (NotOurs(item, await NodesAsync(ct)) is { } problem)
            return await DifferAsync(link, item, problem);
        if (known is not null)
            return await DifferAsync(link, item, ReceiptDiffers, item.Evidence);
        var (header, why) = await FetchAsync(peer, item, ct);
        if (header is null)
            return await DifferAsync(link, item, why!, item.Evidence);
        var (way, noWay) = ground.LinkTo(header.To.Organ);
        if (way is null)
            return await DifferAsync(link, item, noWay!, item.Evidence);
        EdxmlReading? reading = null;
        if (way == Ground.LocalLink && header.Kind != MessageKind.Failure)
        {
            (reading, var unreadable) = EnvelopeCheck.Read(header);
            if (unreadable is not null)
                return await DifferAsync(link, item, unreadable, item.Evidence);
        }

        var stated = ReceiptCheck.Read(item.Evidence)!;
        var sender = new PeerNode(link, header.Hops.Count > 0 ? header.Hops[^1].Organ : header.From.Organ, stated.PeerCertificate);
        await commit.RunAsync(new Intake(commit, header, item.Digest, sender, way, reading), header, ct, item.Evidence);
        return true;
    }

    /// <summary>We sent it, and the neighbour signed a receipt.</summary>
    private async Task<bool> SentAsync(string link, IPeerMemory peer, ExchangedMessage item, CancellationToken ct)
    {
        if (await ground.Database.ReadAsync(tx => EvidenceLog.FindAsync(tx, item.Evidence.EvidenceId, ct), ct) is not null)
            return false;
        if (receipts.Problem(item.Evidence, ReceiptCheck.Acceptances, item.Id, item.Digest) is { } problem)
            return await DifferAsync(link, item, problem);
        var stored = await ground.Database.ReadAsync(tx => MessageTable.FindAsync(tx, item.Id, ct), ct);
        if (stored is not null)
            return stored.Digest == item.Digest ? await AcknowledgedAsync(stored, item) : await DifferAsync(link, item, ContentDiffers, item.Evidence);
        var (header, why) = await FetchAsync(peer, item, ct);
        if (header is null && item.Kind == MessageKind.Document)
            return await DifferAsync(link, item, why!, item.Evidence);
        var nodes = await NodesAsync(ct);
        return await ground.Database.WriteAsync(async tx =>
        {
            await EvidenceLog.AppendAsync(tx, item.Evidence, own: false, null, item.Id, default);
            if (header is null)
                return true; // a status that ended there: what it said comes with the evidence that it brought
            var sent = header with { Hops = UpToUs(header.Hops) };
            var ours = ground.Find(header.From.Organ) is not null || header.From.Organ == ground.Options.Organ;
            await MessageTable.InsertAsync(tx, sent, item.Digest, ours, default);
            if (ours && header.Kind == MessageKind.Document)
                await own.PutBackAsync(tx, sent);
            else if (ours && header.Kind == MessageKind.Status)
            {
                foreach (var said in header.Evidence.Where(e => NotOurs(e, header.Concerns ?? item.Id, nodes) is null))
                    await OwnAnswers.PutBackAsync(tx, said, header.Concerns ?? Guid.Empty, header.Id, ground.Now);
            }

            return true;
        }, default);
    }

    /// <summary>The message is still here: the receipt that was lost counts as if it came now.</summary>
    private Task<bool> AcknowledgedAsync(StoredMessage stored, ExchangedMessage item) => ground.Database.WriteAsync(async tx =>
    {
        await OutboxTable.RemoveAsync(tx, item.Id, default);
        var delivery = stored.Own ? await DeliveryTable.FindAsync(tx, item.Id, default) : null;
        await EvidenceLog.AppendAsync(tx, item.Evidence, own: false, delivery?.DocumentId, item.Id, default);
        if (delivery is not null)
            await DeliveryTable.HappenAsync(tx, delivery, DeliveryEvent.HopAccepted, ground.Now, default);
        else if (stored.Own)
            await AnswerTable.MoveAsync(tx, item.Id, AnswerState.Relayed, null, default);
        return true;
    });

    /// <summary>We said something about a document of theirs: handed over, accepted, refused, given up.</summary>
    private async Task<bool> SaidAsync(string link, ExchangedMessage item, CancellationToken ct)
    {
        if (NotOurs(item.Evidence, item.Id, await NodesAsync(ct)) is { } problem)
            return await DifferAsync(link, item, problem);
        return await ground.Database.WriteAsync(tx => OwnAnswers.PutBackAsync(tx, item.Evidence, item.Id, item.Carrier, ground.Now));
    }

    private async Task<(MessageHeader? Header, Reason? Why)> FetchAsync(IPeerMemory peer, ExchangedMessage item, CancellationToken ct)
    {
        var payloads = new List<PayloadRef>();
        try
        {
            var header = await peer.FetchAsync(
                item.Id, async (attachment, bytes) =>
                {
                    await using var writer = ground.Payloads.Begin();
                    await foreach (var part in bytes.WithCancellation(ct))
                        await writer.WriteAsync(part, ct);
                    payloads.Add(await writer.CompleteAsync(attachment.Payload.Sha256, ct));
                }, ct);
            if (header is null || payloads.Count != header.Attachments.Count)
                return (null, NotHeld);
            header = header with { Attachments = [.. header.Attachments.Select((a, i) => a with { Payload = payloads[i] })] };
            return header.Id == item.Id && MessageDigest.Of(header) == item.Digest ? (header, null) : (null, ContentDiffers);
        }
        catch (RelayException wrong) when (wrong.Fault is RelayFault.DigestMismatch or RelayFault.InvalidField)
        {
            return (null, ContentDiffers);
        }
    }

    private Reason? NotOurs(ExchangedMessage item, IReadOnlyCollection<string> nodes) =>
        NotOurs(item.Evidence, item.Id, nodes) ?? (ReceiptCheck.Read(item.Evidence)!.MessageDigest == item.Digest ? null : ContentDiffers);

    /// <summary>Null when this node signed it, or another one of this database.</summary>
    private Reason? NotOurs(SignedEvidence evidence, Guid about, IReadOnlyCollection<string> nodes)
    {
        if (!Enum.TryParse<EvidenceEvent>(evidence.Event, out var what) || receipts.Problem(evidence, [what], about, null) is not null
            || ReceiptCheck.Read(evidence) is not { } stated || stated.Organ != ground.Options.Organ || !nodes.Contains(stated.Node, StringComparer.Ordinal))
            return new Reason("EVIDENCE_INVALID", "Chứng cứ mà nút bên đưa ra không phải do nút này ký.", "The evidence that the neighbour shows was not signed by this node.");
        return null;
    }

    /// <summary>What any gateway on this database did is missing in it: whichever asks puts it back.</summary>
    private Task<List<string>> NodesAsync(CancellationToken ct) =>
        ground.Database.ReadAsync(tx => tx.QueryAsync("SELECT name FROM node", row => row.Text(0), ct), ct);

    private IReadOnlyList<Hop> UpToUs(IReadOnlyList<Hop> hops)
    {
        var last = hops.ToList().FindLastIndex(h => h.Organ == ground.Options.Organ);
        return last < 0 ? hops : [.. hops.Take(last + 1)];
    }

    private async Task<bool> DifferAsync(string link, ExchangedMessage item, Reason reason, SignedEvidence? keep = null)
    {
        await ground.Database.WriteAsync(async tx =>
        {
            if (keep is not null)
                await EvidenceLog.AppendAsync(tx, keep, own: !item.ByAsker, null, item.Id, default);
            await ReconciliationTable.DifferAsync(tx, link, item, reason);
            return true;
        });
        return false;
    }

    private static Reason NotHeld { get; } = new(
        "NOT_HELD", "Nút bên không còn giữ nội dung: đề nghị nơi gửi gửi lại, hoặc lấy từ bản lưu khác.", "The neighbour does not hold the content any more: ask the sender to send it again.");

    private static Reason ReceiptDiffers { get; } = new(
        "RECEIPT_DIFFERS", "Nút bên giữ một biên nhận khác của nút này cho văn bản này: cả hai được lưu.", "The neighbour holds another receipt of ours for this message: both are kept.");

    private static Reason ContentDiffers { get; } = new(
        "CONTENT_DIFFERS", "Nội dung mà nút bên giữ khác với nội dung đã ký nhận.", "The content that the neighbour holds is not the one that was signed for.");
}
