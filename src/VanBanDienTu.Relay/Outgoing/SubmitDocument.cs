using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Stop 1: a unit hands over a document; the answer comes when the submission is durable.</summary>
public sealed class SubmitDocument
{
    private readonly Ground ground;
    private readonly OwnDocuments restored;

    internal SubmitDocument(Ground ground) => (this.ground, restored) = (ground, new OwnDocuments(ground));

    /// <summary>Checks all that can be checked before the bytes come, so that nobody uploads for nothing.</summary>
    /// <exception cref="RelayException">InvalidField, OrganUnknown, OrganLocked, NotYourOrgan, SecretDocument, DiskFull.</exception>
    public void Check(Submission submission)
    {
        SubmissionRules.Demand(submission, ground.Find(submission.FromOrgan), ground.Directory, ground.Now);
        ground.Reserve.DemandRoom();
    }

    /// <summary>What was answered to this submission before; null when it is new, or its request id was used for other content.</summary>
    public async Task<SubmissionReceipt?> FindAsync(Submission submission, CancellationToken ct) =>
        await KnownAsync(submission, ct) is { } known && known.RequestDigest == SubmissionRules.Digest(submission) ? known.Receipt : null;

    /// <summary>Asks before the bytes come whether the organ's quotas leave room for them; a request that is known already needs none.</summary>
    /// <param name="bytes">As announced.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.QuotaExceeded"/>.</exception>
    public async Task DemandQuotaAsync(Submission submission, long bytes, CancellationToken ct)
    {
        if (await KnownAsync(submission, ct) is null)
            (await TakeAsync(submission.FromOrgan, bytes, ct)).Dispose();
    }

    /// <summary>Keeps a submission whose attachments are all here. The same request id with the same content answers the same, for ever.</summary>
    /// <exception cref="RelayException">As <see cref="Check"/>, <see cref="RelayFault.QuotaExceeded"/>, and <see cref="RelayFault.RequestIdReused"/> with the signed conflict.</exception>
    public async Task<SubmissionReceipt> RunAsync(Submission submission, CancellationToken ct)
    {
        // A known request is answered even when its recipient was locked since, or the disk is full now.
        var digest = submission.Attachments.All(a => a.Payload is not null) ? SubmissionRules.Digest(submission) : null;
        if (digest is not null && await KnownAsync(submission, ct) is { } known)
            return await AnswerAsync(known, submission, digest);
        Check(submission);
        if (digest is null)
            throw RelayException.For([new("attachments", "thiếu nội dung tệp.", "a file's bytes are missing.")]);
        ground.Gate.Demand(submission.Recipients.Select(r => r.Organ));
        if (await restored.ClaimAsync(submission, digest, ct) is { } sent)
            return sent;
        if (submission.Attachments.FirstOrDefault(a => a.Payload!.Size == 0) is { } empty)
            throw RelayException.For([new("attachments", $"tệp «{empty.Name}» rỗng.", $"the file «{empty.Name}» is empty.")]);

        using var place = await TakeAsync(submission.FromOrgan, submission.Attachments.Sum(a => a.Payload!.Size), ct);
        var now = ground.Now;
        var receipt = new SubmissionReceipt(
            Guid.CreateVersion7(now), SubmissionRules.EdxmlIdOf(submission, digest), digest, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()));
        var stored = await ground.Database.WriteAsync(
            async tx =>
            {
                if (await DocumentTable.FindRequestAsync(tx, submission.FromOrgan, submission.RequestId, CancellationToken.None) is { } before)
                    return before;
                await DemandConcernsAsync(tx, submission);
                await DocumentTable.InsertAsync(tx, receipt, submission, CancellationToken.None);
                EventTable.Append(
                    tx, EventTable.Out, submission.FromOrgan, now,
                    new OutgoingEvent(0, now, receipt.DocumentId, null, null, "", nameof(DocumentState.Received), "", null, submission.Document.Code));
                return new KnownSubmission(receipt, digest);
            }, ct);
        if (stored.Receipt == receipt)
        {
            place.Keep();
            ground.Prepare.Raise();
        }

        return await AnswerAsync(stored, submission, digest);
    }

    private Task<QuotaPlace> TakeAsync(string organ, long bytes, CancellationToken ct) =>
        ground.Quotas.TakeAsync(organ, bytes, ct, QuotaKind.Waiting, QuotaKind.Daily);

    /// <summary>An update or a replacement speaks of documents that this organ sent; anybody else's is as one that never was.</summary>
    private static async Task DemandConcernsAsync(DatabaseTransaction tx, Submission submission)
    {
        var problems = new List<FieldProblem>();
        for (var i = 0; i < submission.Concerns.Count && submission.BusinessType != BusinessType.New; i++)
        {
            if (await DocumentTable.StateAsync(tx, submission.FromOrgan, submission.Concerns[i], null, default) is null or DocumentState.Refused)
            {
                problems.Add(new(
                    $"concerns[{i}]", $"cơ quan chưa gửi văn bản nào có mã «{submission.Concerns[i]}» qua nút này.",
                    $"the organ has sent no document «{submission.Concerns[i]}» through this node."));
            }
        }

        if (problems.Count > 0)
            throw RelayException.For(problems);
    }

    private Task<KnownSubmission?> KnownAsync(Submission submission, CancellationToken ct) =>
        ground.Database.ReadAsync(tx => DocumentTable.FindRequestAsync(tx, submission.FromOrgan, submission.RequestId, ct));

    private async Task<SubmissionReceipt> AnswerAsync(KnownSubmission known, Submission submission, string digest) =>
        known.RequestDigest == digest ? known.Receipt : throw await ConflictAsync(known, submission, digest);

    /// <summary>The same conflict is signed once; asking again gives the same bytes.</summary>
    private async Task<RelayException> ConflictAsync(KnownSubmission known, Submission submission, string digest)
    {
        var reason = new Reason(
            RelayFault.RequestIdReused.Code(),
            $"Mã yêu cầu «{submission.RequestId}» đã dùng cho nội dung khác (văn bản {known.Receipt.DocumentId:D}): hãy dùng mã mới.",
            $"The request id «{submission.RequestId}» was used for other content (document {known.Receipt.DocumentId:D}): use a new id.");
        var evidence = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.SubmissionRejection)
        {
            From = new Party(submission.FromOrgan),
            To = submission.Recipients,
            RequestId = submission.RequestId,
            RequestDigest = digest,
            DocumentId = known.Receipt.DocumentId,
            Payloads = [.. submission.Attachments.Select(a => (a.Name, a.Payload!))],
            Reason = reason,
        });
        var same = $"request-conflict:{known.Receipt.DocumentId:D}:{digest}";
        var proof = await ground.Database.WriteAsync(async tx =>
        {
            await EvidenceLog.AppendAsync(tx, evidence, own: true, known.Receipt.DocumentId, null, CancellationToken.None, same);
            return await EvidenceLog.FindSameAsync(tx, same, CancellationToken.None);
        });
        return new RelayException(RelayFault.RequestIdReused, reason.Vi, reason.En) { Proof = proof };
    }
}
