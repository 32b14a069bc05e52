using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What makes up one packet.</summary>
/// <param name="Attachments">Empty for a status.</param>
public sealed record PacketParts(MessageKind Kind, ReadOnlyMemory<byte> Envelope, IReadOnlyList<Hop> Hops, IReadOnlyList<Attachment> Attachments);

/// <summary>
/// Documents and statuses for units whose systems take whole packets. A system acts for the organs that it names; a packet of any other
/// organ does not exist for it.
/// </summary>
public sealed class PacketMailbox
{
    private readonly Ground ground;
    private readonly ConfirmHandover handover;
    private readonly GiveUp giveUp;

    internal PacketMailbox(Ground ground, ConfirmHandover handover, GiveUp giveUp) => (this.ground, this.handover, this.giveUp) = (ground, handover, giveUp);

    /// <summary>What is not yet acknowledged as done or failed, oldest first of each organ.</summary>
    /// <param name="kind">Document or Status.</param>
    public async Task<IReadOnlyList<WaitingPacket>> WaitingAsync(IReadOnlyCollection<string> organs, MessageKind kind, int atMost, CancellationToken ct) =>
        await ground.Database.ReadAsync(
            async tx =>
            {
                var waiting = new List<WaitingPacket>();
                foreach (var organ in organs)
                {
                    if (waiting.Count == atMost)
                        break;
                    waiting.AddRange(kind == MessageKind.Status
                        ? await StatusPacketTable.WaitingAsync(tx, organ, atMost - waiting.Count, ct)
                        : await PacketTable.WaitingAsync(tx, organ, atMost - waiting.Count, ct));
                }

                return waiting;
            }, ct);

    public async Task<long> CountAsync(IReadOnlyCollection<string> organs, MessageKind kind, CancellationToken ct) => await ground.Database.ReadAsync(
        async tx =>
        {
            var count = 0L;
            foreach (var organ in organs)
                count += kind == MessageKind.Status ? await StatusPacketTable.CountAsync(tx, organ, ct) : await PacketTable.CountAsync(tx, organ, ct);
            return count;
        }, ct);

    /// <summary>Also for what was acknowledged before: an unconfirmed fetch repeats.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>, also for another organ's packet.</exception>
    public async Task<PacketParts> OpenAsync(IReadOnlyCollection<string> organs, Guid id, CancellationToken ct)
    {
        var (document, status) = await FindAsync(organs, id, ct);
        return document is not null
            ? new PacketParts(MessageKind.Document, document.Envelope, document.Hops, document.Attachments)
            : new PacketParts(MessageKind.Status, status!, [], []);
    }

    /// <summary>
    /// Done is the handover of a document: 01 leaves for its sender. Fail is told to its sender as signed RelayFailure. What is done stays done.
    /// </summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public async Task AcknowledgeAsync(IReadOnlyCollection<string> organs, Guid id, PacketState state, CancellationToken ct)
    {
        var (document, _) = await FindAsync(organs, id, ct);
        if (document is null)
        {
            await ground.Database.WriteAsync(
                async tx =>
                {
                    await StatusPacketTable.AcknowledgeAsync(tx, id, state, ground.Now, default);
                    return true;
                }, ct);
        }
        else if (state == PacketState.Done)
        {
            await handover.RunAsync(document.Organ, id, "", ct);
        }
        else if (document.Confirmed is null)
        {
            await (state == PacketState.Fail
                ? FailAsync(document)
                : ground.Database.WriteAsync(tx => PacketTable.AcknowledgeAsync(tx, id, state, default), ct));
        }
    }

    /// <summary>A sender that sends a failed packet once more has it put back into the list.</summary>
    internal static async Task ReopenAsync(Ground ground, MessageHeader message)
    {
        if (!ground.ByPackets(message.To.Organ) || !await ground.Database.ReadAsync(tx => PacketTable.HasFailedAsync(tx, message.Id, default)))
            return;
        await ground.Database.WriteAsync(tx => PacketTable.AcknowledgeAsync(tx, message.Id, PacketState.Initial, default));
    }

    private async Task FailAsync(StoredIncoming document)
    {
        var header = new MessageHeader
        {
            Id = document.Id,
            Kind = MessageKind.Document,
            From = document.From,
            To = new Party(document.Organ, ground.Find(document.Organ)?.Name),
            EdxmlDocumentId = document.EdxmlDocumentId,
            Envelope = document.Envelope,
            Attachments = document.Attachments,
            Hops = document.Hops,
        };
        var reason = new Reason(
            "HANDOVER_FAILED", $"Hệ thống của {document.Organ} báo không nhận được gói tin này.", $"The system of {document.Organ} says that it cannot take this packet.");
        var message = new StoredMessage(header, MessageDigest.Of(header), Own: false);
        var failure = ground.Evidence.Sign(EvidenceFacts.About(EvidenceEvent.ContentHandoverFailure, header, message.Digest) with { Reason = reason });
        var (commit, wake) = giveUp.Prepare(message, attempt: 1, document.Organ, reason, refused: true);
        await ground.Database.WriteAsync(async tx =>
        {
            if (!await PacketTable.AcknowledgeAsync(tx, document.Id, PacketState.Fail, default))
                return false;
            await EvidenceLog.AppendAsync(tx, failure, own: true, null, document.Id, default);
            await Quarantine.KeepAsync(tx, header, document.Organ, reason, ground.Now, default);
            await commit(tx);
            return true;
        });
        if (wake is not null)
            ground.Outbox(wake).Raise();
    }

    private async Task<(StoredIncoming? Document, byte[]? Status)> FindAsync(IReadOnlyCollection<string> organs, Guid id, CancellationToken ct)
    {
        var found = await ground.Database.ReadAsync(
            async tx => (await IncomingTable.FindAsync(tx, id, ct), await StatusPacketTable.FindAsync(tx, id, ct)), ct);
        return found switch
        {
            ({ } document, _) when organs.Contains(document.Organ, StringComparer.Ordinal) => (document, null),
            (_, { } status) when organs.Contains(status.Organ, StringComparer.Ordinal) => (null, status.Envelope),
            _ => throw RelayException.Unknown(id.ToString("D")),
        };
    }
}
