using System.Diagnostics;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>Exactly one of the two is set: an answer from the header alone, or an intake that waits for the bytes.</summary>
public sealed record IntakeStart(AcceptAnswer? Answer, Intake? Intake);

/// <summary>Takes messages from peers, to be kept here or forwarded. A receipt leaves only when message and evidence are durable.</summary>
public sealed class AcceptMessage
{
    private readonly Ground ground;
    private readonly IntakeCommit commit;

    internal AcceptMessage(Ground ground, IntakeCommit commit) => (this.ground, this.commit) = (ground, commit);

    /// <summary>Answers at once where the header is enough: a message known before, no route, a loop, an unreadable envelope.</summary>
    /// <param name="immutableDigest">As the peer computed it, see <see cref="MessageDigest"/>.</param>
    /// <exception cref="RelayException">
    /// DigestMismatch, InvalidField, and for documents QuotaExceeded and DiskFull (worth a retry; statuses and failures are always taken).
    /// </exception>
    public async Task<IntakeStart> BeginAsync(MessageHeader header, string immutableDigest, PeerNode peer, CancellationToken ct)
    {
        DemandWellFormed(header, immutableDigest);
        // Before the question whether it is known: a message that comes round is known, but it must not be taken for a retry.
        if (Passed(header, peer))
            return Answered(await RefuseAsync(header, immutableDigest, peer, Reasons.Loop(ground.Options.Organ)));
        if (await ground.Database.AskAsync(tx => ArrivalTable.FindAsync(tx, header.Id, ct), ct) is { } known)
            return Answered(await commit.RepeatedAsync(header, immutableDigest, known.Digest, known.Receipt, peer));
        ground.Gate.DemandFrom(peer.Organ, header.Created);
        var (link, why) = ground.LinkTo(header.To.Organ);
        if (link is null)
            return Answered(await RefuseAsync(header, immutableDigest, peer, why!));

        EdxmlReading? reading = null;
        if (link == Ground.LocalLink && header.Kind != MessageKind.Failure)
        {
            (reading, var problem) = EnvelopeCheck.Read(header);
            if (problem is not null)
                return Answered(await RefuseAsync(header, immutableDigest, peer, problem, quarantine: true));
        }

        if (header.Kind == MessageKind.Document)
            ground.Reserve.DemandRoom();
        using var room = await commit.RoomAsync(header, link, ct);
        return new IntakeStart(null, new Intake(commit, header, immutableDigest, peer, link, reading));
    }

    private static IntakeStart Answered(AcceptAnswer answer) => new(answer, null);

    /// <summary>Where routes point in a circle, a message would travel for ever; its trace ends that.</summary>
    private bool Passed(MessageHeader header, PeerNode peer) =>
        header.Hops.Count > MessageHeader.MaxHops
        || ((peer.CertificateSha256 is not null || peer.External) && header.Hops.Any(h => h.Organ == ground.Options.Organ));

    private async Task<AcceptAnswer> RefuseAsync(MessageHeader header, string digest, PeerNode peer, Reason reason, bool quarantine = false)
    {
        var receipt = ground.Evidence.Sign(EvidenceFacts.About(EvidenceEvent.RelayRejection, header, digest) with
        {
            PeerCertificate = peer.CertificateSha256, Reason = reason,
        });
        var same = $"refused:{header.Id:D}:{digest}:{reason.Code}";
        var stored = await ground.Database.WriteAsync(async tx =>
        {
            if (quarantine)
                await Quarantine.KeepAsync(tx, header, peer.Node, reason, ground.Now, default);
            await EvidenceLog.AppendAsync(tx, receipt, own: true, null, header.Id, default, same);
            return await EvidenceLog.FindSameAsync(tx, same, default);
        });
        return new AcceptAnswer.Refused(reason, stored!);
    }

    private static void DemandWellFormed(MessageHeader header, string digest)
    {
        var problems = new List<FieldProblem>();
        if (!Enum.IsDefined(header.Kind))
            problems.Add(new("kind", "không biết loại thông điệp này.", "is not a known kind of message."));
        if (header.Envelope.Length > MessageHeader.MaxEnvelopeBytes)
            problems.Add(new("envelope", $"lớn hơn {MessageHeader.MaxEnvelopeBytes} byte.", $"is larger than {MessageHeader.MaxEnvelopeBytes} bytes."));
        if (header.Attachments.Count > 20 || (header.Kind != MessageKind.Document && header.Attachments.Count > 0))
            problems.Add(new("attachments", "quá nhiều tệp.", "are too many."));
        if (header.Kind == MessageKind.Document && header.Attachments.Count == 0)
            problems.Add(new("attachments", "văn bản không có tệp nào.", "a document has none."));
        if (header.Kind == MessageKind.Failure && (header.Concerns is null || header.Evidence.Count == 0))
            problems.Add(new("evidence", "báo lỗi mà không kèm chứng cứ.", "a failure comes without its evidence."));
        if (header.From.Organ.Length == 0 || header.To.Organ.Length == 0)
            problems.Add(new("from/to", "thiếu nơi gửi hoặc nơi nhận.", "sender or recipient is missing."));
        if (problems.Count > 0)
            throw RelayException.For(problems);
        if (!string.Equals(MessageDigest.Of(header), digest, StringComparison.Ordinal))
        {
            throw new RelayException(
                RelayFault.DigestMismatch, "Mã băm của thông điệp không khớp với nội dung: hãy gửi lại.",
                "The message's digest does not agree with its content: send it again.");
        }
    }
}

/// <summary>A message that waits for its attachments' bytes. Leaving it without <see cref="CompleteAsync"/> keeps nothing.</summary>
public sealed class Intake
{
    private readonly IntakeCommit commit;
    private readonly long begun = Stopwatch.GetTimestamp();

    internal Intake(IntakeCommit commit, MessageHeader header, string digest, PeerNode peer, string link, EdxmlReading? reading) =>
        (this.commit, Header, Digest, Peer, Link, Reading) = (commit, header, digest, peer, link, reading);

    public MessageHeader Header { get; }

    internal string Digest { get; }

    internal PeerNode Peer { get; }

    internal string Link { get; }

    internal EdxmlReading? Reading { get; }

    /// <summary>Keeps the message; the receipt is durable when this returns.</summary>
    /// <param name="payloads">In the order of the header's attachments, with exactly their digests.</param>
    /// <exception cref="RelayException">DigestMismatch, DiskFull.</exception>
    public async Task<AcceptAnswer> CompleteAsync(IReadOnlyList<Payloads.PayloadRef> payloads, CancellationToken ct)
    {
        if (payloads.Count != Header.Attachments.Count || payloads.Where((p, i) => p != Header.Attachments[i].Payload).Any())
        {
            throw new RelayException(
                RelayFault.DigestMismatch, "Tệp đính kèm nhận được khác với khai báo: hãy gửi lại.",
                "The attachments that came are not those announced: send them again.");
        }

        var attachments = Header.Attachments.Select((a, i) => a with { Payload = payloads[i] }).ToList();
        var answer = await commit.RunAsync(this, Header with { Attachments = attachments }, ct);
        RelayMeter.Accepted(begun, Header.Kind.ToString());
        return answer;
    }
}
