using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>The end of an intake: the receipt is signed, then one transaction keeps message, receipt and consequences, then it is answered.</summary>
internal sealed class IntakeCommit(Ground ground, ForwardMessage forward, KeepDocument keep, ApplyReceipt apply)
{
    /// <summary>Room in the quota of what its recipient has not fetched; only documents that end here need it.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.QuotaExceeded"/>.</exception>
    public Task<QuotaPlace> RoomAsync(MessageHeader message, string link, CancellationToken ct) => ground.Quotas.TakeAsync(
        ground.Directory.Resolve(message.To.Organ), message.Attachments.Sum(a => a.Payload.Size), ct,
        link == Ground.LocalLink && message.Kind == MessageKind.Document ? [QuotaKind.Unfetched] : []);

    /// <param name="given">The receipt that the sender has already, when a restored node takes a message in again; null = one is signed.</param>
    public async Task<AcceptAnswer> RunAsync(Intake intake, MessageHeader message, CancellationToken ct, SignedEvidence? given = null)
    {
        var local = intake.Link == Ground.LocalLink;
        using var room = given is null ? await RoomAsync(message, intake.Link, ct) : null;
        var receipt = given ?? ground.Evidence.Sign(
            EvidenceFacts.About(local ? EvidenceEvent.ContentConsignment : EvidenceEvent.RelayAcceptance, message, intake.Digest) with
            {
                PeerCertificate = intake.Peer.CertificateSha256,
            });
        var consequence = (local, message.Kind) switch
        {
            (false, _) => tx => forward.QueueAsync(tx, message, intake.Digest, intake.Link),
            (true, MessageKind.Document) => tx => keep.KeepAsync(tx, message, intake.Reading!.Document!, receipt),
            (true, MessageKind.Status) => apply.Status(message, intake.Reading!.Status!, intake.Peer),
            (true, _) => apply.Failure(message, intake.Peer),
        };
        // A status that ends here gets the same from ApplyReceipt.
        var outside = !intake.Peer.External || (local && message.Kind == MessageKind.Status) ? null : ground.Evidence.Sign(
            EvidenceFacts.About(EvidenceEvent.ReceivedFromNonERDS, message, intake.Digest) with { FarId = intake.Peer.FarId });
        var stored = await ground.Database.WriteAsync(
            async tx =>
            {
                if (!await ArrivalTable.InsertAsync(tx, message.Id, intake.Digest, intake.Peer, receipt, ground.Now, default))
                    return (await ArrivalTable.FindAsync(tx, message.Id, default))!.Value;
                var document = local || message.Kind != MessageKind.Document ? await OwnDocumentAsync(tx, message) : null; // in transit, it is not ours
                foreach (var evidence in new[] { outside, receipt }.OfType<SignedEvidence>())
                    await EvidenceLog.AppendAsync(tx, evidence, own: true, document, message.Id, default);
                await consequence(tx);
                if (local && message.Kind == MessageKind.Status && ground.ByPackets(message.To.Organ))
                    await StatusPacketTable.InsertAsync(tx, ground.Directory.Resolve(message.To.Organ), message, ground.Now, default);
                return (intake.Digest, Receipt: receipt);
            }, ct);
        if (stored.Receipt == receipt)
            room?.Keep();
        (local ? ground.Verify : ground.Outbox(intake.Link)).Raise();
        return stored.Receipt == receipt
            ? new AcceptAnswer.Accepted(receipt)
            : await RepeatedAsync(message, intake.Digest, stored.Digest, stored.Receipt, intake.Peer);
    }

    /// <summary>Known before: the same receipt, byte for byte. Another message under this id: signed conflict, always the same one.</summary>
    public async Task<AcceptAnswer> RepeatedAsync(MessageHeader header, string digest, string knownDigest, SignedEvidence receipt, PeerNode peer)
    {
        if (knownDigest == digest)
        {
            await forward.TakeUpAsync(header);
            await PacketMailbox.ReopenAsync(ground, header);
            return new AcceptAnswer.Accepted(receipt);
        }

        var conflict = ground.Evidence.Sign(EvidenceFacts.About(EvidenceEvent.RelayRejection, header, digest) with
        {
            PeerCertificate = peer.CertificateSha256, Reason = Reasons.MessageIdReused(header.Id),
        });
        var same = $"message-conflict:{header.Id:D}:{digest}";
        var stored = await ground.Database.WriteAsync(async tx =>
        {
            await EvidenceLog.AppendAsync(tx, conflict, own: true, null, header.Id, default, same);
            return await EvidenceLog.FindSameAsync(tx, same, default);
        });
        return new AcceptAnswer.Conflict(stored!);
    }

    /// <summary>Sender and recipient may be organs of the same node; a status speaks of a delivery of ours.</summary>
    private static async Task<Guid?> OwnDocumentAsync(DatabaseTransaction tx, MessageHeader message) =>
        (await Outgoing.DeliveryTable.FindAsync(tx, message.Concerns ?? message.Id, default))?.DocumentId;
}
