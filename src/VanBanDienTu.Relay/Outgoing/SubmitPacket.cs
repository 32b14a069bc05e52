using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>A whole packet that a unit's own system made and signed, taken apart.</summary>
public sealed record UnitPacket
{
    /// <summary>The unit that sends it, as it proved itself; the packet must say the same.</summary>
    public required string Organ { get; init; }

    /// <summary>The packet's XML without attachments and hops.</summary>
    public required ReadOnlyMemory<byte> Envelope { get; init; }

    /// <summary>What the envelope says.</summary>
    public required EdxmlDocument Document { get; init; }

    /// <summary>In the order of the manifest.</summary>
    public required IReadOnlyList<Attachment> Attachments { get; init; }

    public IReadOnlyList<Hop> Hops { get; init; } = [];

    /// <summary>Of the recipients in the packet only these; null = all.</summary>
    public IReadOnlyList<string>? Only { get; init; }
}

/// <summary>
/// Stop 1 and 2 in one for units whose systems sign and pack by themselves: nothing is signed or written anew, the packet's own envelope goes
/// out, a delivery per recipient. The same packet again is answered the same, for ever.
/// </summary>
public sealed class SubmitPacket
{
    private readonly Ground ground;

    internal SubmitPacket(Ground ground) => this.ground = ground;

    /// <returns>The document's id here; each recipient's delivery has its own.</returns>
    /// <exception cref="RelayException">NotYourOrgan, InvalidField, OrganUnknown, OrganLocked (with every bad recipient), QuotaExceeded, DiskFull.</exception>
    public async Task<SubmissionReceipt> RunAsync(UnitPacket packet, CancellationToken ct)
    {
        var recipients = Recipients(packet);
        var (digest, now) = (Digest(packet, recipients), ground.Now);
        var requestId = $"packet:{digest}";
        if (await ground.Database.ReadAsync(tx => DocumentTable.FindRequestAsync(tx, packet.Organ, requestId, ct), ct) is { } known)
            return known.Receipt;
        Demand(packet, recipients);
        ground.Reserve.DemandRoom();
        using var place = await ground.Quotas.TakeAsync(packet.Organ, packet.Attachments.Sum(a => a.Payload.Size), ct, QuotaKind.Waiting, QuotaKind.Daily);

        var receipt = new SubmissionReceipt(
            Guid.CreateVersion7(now), packet.Document.DocumentId, digest, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()));
        var submission = Submission(packet, recipients, requestId);
        var deliveries = recipients.Select(r => QueuedDelivery.Of(ground, Header(packet, r, now))).ToList();
        var acceptance = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.SubmissionAcceptance)
        {
            From = new Party(packet.Organ, packet.Document.From.Name),
            To = recipients,
            RequestId = requestId,
            RequestDigest = digest,
            DocumentId = receipt.DocumentId,
            EdxmlDocumentId = receipt.EdxmlDocumentId,
            State = nameof(DocumentState.Queued),
            Payloads = [.. packet.Attachments.Select(a => (a.Name, a.Payload))],
        });
        var stored = await ground.Database.WriteAsync(
            async tx =>
            {
                if (await DocumentTable.FindRequestAsync(tx, packet.Organ, requestId, default) is { } before)
                    return before.Receipt;
                await DocumentTable.InsertQueuedAsync(tx, receipt, submission, packet.Attachments, acceptance.EvidenceId, default);
                await EvidenceLog.AppendAsync(tx, acceptance, own: true, receipt.DocumentId, null, default);
                for (var i = 0; i < deliveries.Count; i++)
                    await deliveries[i].StoreAsync(tx, receipt.DocumentId, submission, i, now);
                await ResponseTable.SentAsync(tx, receipt.DocumentId, submission, now, default);
                return receipt;
            }, ct);
        if (stored == receipt)
            place.Keep();
        QueuedDelivery.Wake(ground, deliveries);
        return stored;
    }

    private static IReadOnlyList<Party> Recipients(UnitPacket packet)
    {
        var named = packet.Document.To.Select(to => new Party(to.OrganId.Text, to.Name)).ToList();
        if (packet.Only is null)
            return named;
        var missing = packet.Only.Where(organ => named.TrueForAll(n => n.Organ != organ)).ToList();
        return missing.Count == 0
            ? named.FindAll(n => packet.Only.Contains(n.Organ, StringComparer.Ordinal))
            : throw RelayException.For(
                [.. missing.Select(organ => new FieldProblem("to", $"{organ} không có trong nơi nhận của gói tin.", $"{organ} is not a recipient in the packet."))]);
    }

    private void Demand(UnitPacket packet, IReadOnlyList<Party> recipients)
    {
        if (!ground.ByPackets(packet.Organ) || packet.Document.From.OrganId.Text != packet.Organ)
        {
            throw new RelayException(
                RelayFault.NotYourOrgan, $"Gói tin ghi nơi gửi là {packet.Document.From.OrganId}, người gửi là {packet.Organ}.",
                $"The packet says that {packet.Document.From.OrganId} sends it; its sender is {packet.Organ}.");
        }

        if (ground.Directory.Route(packet.Organ, ground.Now) is RouteAnswer.Locked)
            throw new RelayException(RelayFault.OrganLocked, Reasons.OrganLocked(packet.Organ).Vi, Reasons.OrganLocked(packet.Organ).En);
        var problems = new List<FieldProblem>();
        if (packet.Attachments.Count is 0 or > 20)
            problems.Add(new("attachments", $"cần 1 đến 20 tệp, đang có {packet.Attachments.Count}.", $"1 to 20 files are needed, there are {packet.Attachments.Count}."));
        if (packet.Attachments.FirstOrDefault(a => a.Payload.Size == 0) is { } empty)
            problems.Add(new("attachments", $"tệp «{empty.Name}» rỗng.", $"the file «{empty.Name}» is empty."));
        if (packet.Envelope.Length > MessageHeader.MaxEnvelopeBytes)
            problems.Add(new("envelope", $"lớn hơn {MessageHeader.MaxEnvelopeBytes} byte.", $"is larger than {MessageHeader.MaxEnvelopeBytes} bytes."));
        if (problems.Count > 0)
            throw RelayException.For(problems);
        var answers = recipients.Select(r => (r.Organ, Route: ground.Directory.Route(r.Organ, ground.Now))).ToList();
        if (answers.FindAll(a => a.Route is RouteAnswer.None) is { Count: > 0 } unknown)
            throw RelayException.For([.. unknown.Select(a => Field(Reasons.RouteUnknown(a.Organ)))], RelayFault.OrganUnknown);
        if (answers.FindAll(a => a.Route is RouteAnswer.Locked) is { Count: > 0 } locked)
            throw RelayException.For([.. locked.Select(a => Field(Reasons.OrganLocked(a.Organ)))], RelayFault.OrganLocked);
    }

    private static FieldProblem Field(Reason reason) => new("to", reason.Vi, reason.En);

    /// <summary>What «the same packet» means; hops that a resend may add do not count.</summary>
    private static string Digest(UnitPacket packet, IReadOnlyList<Party> recipients) => MessageDigest.Hex(CanonicalJson.Write(new List<object?>
    {
        packet.Organ, MessageDigest.Hex(packet.Envelope.Span), recipients.Select(r => (object?)r.Organ).ToList(),
        packet.Attachments.Select(a => (object?)new List<object?> { a.Name, a.Payload.Size, a.Payload.Sha256 }).ToList(),
    }));

    private MessageHeader Header(UnitPacket packet, Party recipient, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = MessageKind.Document,
        From = new Party(packet.Organ, packet.Document.From.Name),
        To = recipient,
        EdxmlDocumentId = packet.Document.DocumentId,
        Envelope = packet.Envelope,
        Attachments = packet.Attachments,
        Hops = [.. packet.Hops.TakeLast(MessageHeader.MaxHops / 2), new Hop(ground.Options.Organ, now)],
        Urgency = IncomingDocuments.Header(packet.Document).Urgency,
        Created = now,
    };

    /// <summary>What a packet's header says, as a submission.</summary>
    internal static Submission Submission(UnitPacket packet, IReadOnlyList<Party> recipients, string requestId) => new()
    {
        RequestId = requestId,
        FromOrgan = packet.Organ,
        Recipients = recipients,
        Document = IncomingDocuments.Header(packet.Document),
        Attachments = [.. packet.Attachments.Select(a => new SubmittedAttachment(a.Name, a.Payload, a.ContentType, a.Description))],
        BusinessType = (BusinessType)(int)packet.Document.Kind,
        BusinessReason = packet.Document.Bussiness?.Reason ?? "",
        // A recall repeats the DocumentId of what it takes back.
        Concerns = packet.Document.Kind == BussinessType.Recall
            ? [packet.Document.DocumentId]
            : [.. (packet.Document.Bussiness?.Replacements.Select(r => r.DocumentId) ?? []).Prepend(packet.Document.Bussiness?.DocumentId).OfType<string>()],
    };
}
