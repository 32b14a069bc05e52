using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>A submission that is remembered for ever.</summary>
internal sealed record KnownSubmission(SubmissionReceipt Receipt, string RequestDigest);

/// <summary>A document claimed for preparation.</summary>
internal sealed record ClaimedDocument(Guid Id, string EdxmlDocumentId, Submission Submission, DocumentState Was, long Epoch, int Attempt);

/// <summary>Documents that units of this node submitted.</summary>
internal static class DocumentTable
{
    public static Task<KnownSubmission?> FindRequestAsync(DatabaseTransaction tx, string organ, string requestId, CancellationToken ct) =>
        tx.FirstAsync(
            "SELECT id, edxml_id, request_digest, received_at FROM document WHERE organ = @organ AND request_id = @request",
            row => new KnownSubmission(new SubmissionReceipt(row.Id(0), row.Text(1), row.Text(2), row.Time(3)), row.Text(2)), ct,
            ("organ", organ), ("request", requestId));

    public static async Task InsertAsync(DatabaseTransaction tx, SubmissionReceipt receipt, Submission submission, CancellationToken ct)
    {
        foreach (var attachment in submission.Attachments)
            await PayloadStore.KeepAsync(tx, attachment.Payload!, ct);
        await tx.ExecuteAsync(
            """
            INSERT INTO document (id, organ, request_id, request_digest, edxml_id, code, submission, attachments, reports, state,
                                  received_at, changed_at, due_at, lease_epoch, leased, attempts, bytes, business_type)
            VALUES (@id, @organ, @request, @digest, @edxml, @code, @submission, '[]', '[]', 'Received', @now, @now, @now, 0, 0, 0, @bytes, @type)
            """, ct,
            ("id", receipt.DocumentId), ("organ", submission.FromOrgan), ("request", submission.RequestId), ("digest", receipt.RequestDigest),
            ("edxml", receipt.EdxmlDocumentId), ("code", submission.Document.Code), ("submission", RowJson.Write(submission)), ("now", receipt.Received),
            ("bytes", submission.Attachments.Sum(a => a.Payload!.Size)), ("type", (int)submission.BusinessType));
    }

    /// <summary>A document that came as a finished packet: queued at once, with its signed outcome.</summary>
    public static async Task InsertQueuedAsync(
        DatabaseTransaction tx, SubmissionReceipt receipt, Submission submission, IReadOnlyList<Attachment> attachments, string outcome, CancellationToken ct)
    {
        await InsertAsync(tx, receipt, submission, ct);
        await tx.ExecuteAsync(
            "UPDATE document SET state = 'Queued', attachments = @attachments, outcome = @outcome WHERE id = @id", ct,
            ("attachments", RowJson.Write(attachments)), ("outcome", outcome), ("id", receipt.DocumentId));
        EventTable.Append(
            tx, EventTable.Out, submission.FromOrgan, receipt.Received,
            new OutgoingEvent(0, receipt.Received, receipt.DocumentId, null, null, "", nameof(DocumentState.Queued), "", null, submission.Document.Code));
    }

    /// <summary>The newest document of an organ under an edXML id; recalls, which may repeat the id, do not count.</summary>
    public static async Task<Guid?> FindEdxmlAsync(DatabaseTransaction tx, string organ, string edxmlId, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT id FROM document WHERE organ = @organ AND edxml_id = @edxml AND business_type <> 1 ORDER BY received_at DESC LIMIT 1",
            row => row.Id(0), ct, ("organ", organ), ("edxml", edxmlId)) is [var found] ? found : null;

    /// <summary>Whether an organ ever handed in a document under an edXML id, and how far the newest one is.</summary>
    /// <param name="except">The document that asks.</param>
    public static async Task<DocumentState?> StateAsync(DatabaseTransaction tx, string organ, string edxmlId, Guid? except, CancellationToken ct) =>
        await tx.QueryAsync(
            """
            SELECT state FROM document WHERE organ = @organ AND edxml_id = @edxml AND business_type <> 1 AND (CAST(@except AS text) IS NULL OR id <> @except)
            ORDER BY received_at DESC, id DESC LIMIT 1
            """,
            row => row.Word<DocumentState>(0), ct, ("organ", organ), ("edxml", edxmlId), ("except", except)) is [var found] ? found : null;

    /// <summary>The document that a response names by number and date; only if there is exactly one.</summary>
    public static async Task<Guid?> FindCodeAsync(DatabaseTransaction tx, string organ, string code, DateOnly promulgated, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT id, submission FROM document WHERE organ = @organ AND code = @code AND business_type <> 1 LIMIT 50",
            row => (Id: row.Id(0), Date: RowJson.Read<Submission>(row.Text(1)).Document.PromulgationDate), ct, ("organ", organ), ("code", code))
            is { } found && found.FindAll(f => f.Date == promulgated) is [var only] ? only.Id : null;

    /// <summary>Queues a document that was sent before this node was put back to an older state; false when it is not one that still waits.</summary>
    public static async Task<bool> AdoptAsync(
        DatabaseTransaction tx, Guid id, IReadOnlyList<Attachment> attachments, string mark, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(
            """
            UPDATE document SET state = 'Queued', leased = 0, lease_epoch = lease_epoch + 1, changed_at = @now, attachments = @attachments, reason_code = @mark
            WHERE id = @id AND (state IN ('Received', 'Signing', 'Held') OR reason_code = @mark)
            """, ct,
            ("id", id), ("now", now), ("attachments", RowJson.Write(attachments)), ("mark", mark)) == 1;

    /// <summary>A document that was made from its packet, and whose request nobody knows.</summary>
    public static async Task<(Guid Id, IReadOnlyList<Attachment> Attachments)?> FindRestoredAsync(
        DatabaseTransaction tx, string organ, string edxmlId, string prefix, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT id, attachments FROM document WHERE organ = @organ AND edxml_id = @edxml AND request_id LIKE CAST(@prefix AS text)",
            row => (row.Id(0), (IReadOnlyList<Attachment>)RowJson.Read<List<Attachment>>(row.Text(1))), ct,
            ("organ", organ), ("edxml", edxmlId), ("prefix", prefix + "%")) is [var found] ? found : null;

    /// <summary>Gives such a document its request; false when another request was first.</summary>
    public static async Task<bool> ClaimRestoredAsync(
        DatabaseTransaction tx, Guid id, string prefix, string digest, Submission submission, string mark, CancellationToken ct) =>
        await tx.ExecuteAsync(
            """
            UPDATE document SET request_id = @request, request_digest = @digest, submission = @submission, reason_code = @mark
            WHERE id = @id AND request_id LIKE CAST(@prefix AS text)
            """, ct,
            ("id", id), ("request", submission.RequestId), ("digest", digest), ("submission", RowJson.Write(submission)), ("mark", mark),
            ("prefix", prefix + "%")) == 1;

    /// <summary>Documents that <see cref="AdoptAsync"/> marked.</summary>
    public static Task<List<(Guid Id, Submission Submission)>> AdoptedAsync(DatabaseTransaction tx, string mark, CancellationToken ct) => tx.QueryAsync(
        "SELECT id, submission FROM document WHERE state = 'Queued' AND reason_code = @mark",
        row => (row.Id(0), RowJson.Read<Submission>(row.Text(1))), ct, ("mark", mark));

    public static Task SettleAdoptedAsync(DatabaseTransaction tx, Guid id, string outcome, CancellationToken ct) =>
        tx.ExecuteAsync("UPDATE document SET reason_code = NULL, outcome = @outcome WHERE id = @id", ct, ("id", id), ("outcome", outcome));

    /// <summary>Claims one document that waits for preparation; null when none is due.</summary>
    public static async Task<ClaimedDocument?> ClaimAsync(DatabaseTransaction tx, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        var claimed = await tx.FirstAsync(
            $"""
            SELECT id, edxml_id, submission, state, lease_epoch, attempts FROM document
            WHERE state IN ('Received', 'Signing', 'Held') AND due_at <= @now ORDER BY due_at LIMIT 1{tx.Claimed("document")}
            """,
            row => new ClaimedDocument(
                row.Id(0), row.Text(1), RowJson.Read<Submission>(row.Text(2)), row.Word<DocumentState>(3), row.Number(4) + 1, row.Int(5) + 1), ct,
            ("now", now));
        if (claimed is null)
            return null;
        await tx.ExecuteAsync(
            "UPDATE document SET state = 'Signing', leased = 1, holder = @holder, lease_epoch = @epoch, due_at = @until, attempts = attempts + 1 WHERE id = @id", ct,
            ("holder", tx.Node), ("epoch", claimed.Epoch), ("until", until), ("id", claimed.Id));
        return claimed;
    }

    public static async Task<bool> AnyDueAsync(DatabaseTransaction tx, DateTimeOffset now, CancellationToken ct) =>
        await tx.NumberAsync(
            "SELECT COUNT(*) FROM (SELECT 1 FROM document WHERE state IN ('Received', 'Signing', 'Held') AND due_at <= @now LIMIT 1) due", ct,
            ("now", now)) > 0;

    public static Task<int> RenewAsync(DatabaseTransaction tx, ClaimedDocument document, DateTimeOffset until, CancellationToken ct) =>
        tx.ExecuteAsync(
            "UPDATE document SET due_at = @until WHERE id = @id AND lease_epoch = @epoch AND leased = 1", ct,
            ("until", until), ("id", document.Id), ("epoch", document.Epoch));

    /// <summary>Ends a claim; false when the lease was lost to another worker, whose result counts then.</summary>
    public static async Task<bool> FinishAsync(
        DatabaseTransaction tx, ClaimedDocument document, DocumentState state, Reason? reason, DateTimeOffset now, DateTimeOffset due,
        IReadOnlyList<Attachment> attachments, IReadOnlyList<string> reports, string? outcome, Signers? signedBy, CancellationToken ct)
    {
        var won = await tx.ExecuteAsync(
            """
            UPDATE document SET state = @state, leased = 0, due_at = @due, changed_at = @now, attachments = @attachments, reports = @reports,
              outcome = @outcome, signed_by = @signedBy, reason_code = @reasonCode, reason_vi = @reasonVi, reason_en = @reasonEn
            WHERE id = @id AND lease_epoch = @epoch AND state = 'Signing'
            """, ct,
            ("state", state), ("due", due), ("now", now), ("attachments", RowJson.Write(attachments)), ("reports", RowJson.Write(reports)),
            ("outcome", outcome), ("signedBy", signedBy), ("reasonCode", reason?.Code), ("reasonVi", reason?.Vi), ("reasonEn", reason?.En),
            ("id", document.Id), ("epoch", document.Epoch)) == 1;
        if (won && state != document.Was)
        {
            EventTable.Append(
                tx, EventTable.Out, document.Submission.FromOrgan, now,
                new OutgoingEvent(
                    0, now, document.Id, null, null, document.Was.ToString(), state.ToString(), "", reason, document.Submission.Document.Code));
        }

        return won;
    }

    /// <summary>Refuses a document that is still being prepared; false when it is queued or refused already.</summary>
    public static async Task<bool> CancelAsync(
        DatabaseTransaction tx, Guid id, Reason reason, string outcome, DateTimeOffset now, CancellationToken ct)
    {
        var known = await tx.QueryAsync(
            $"SELECT organ, code, state FROM document WHERE id = @id AND state IN ('Received', 'Signing', 'Held'){tx.Locked("document")}",
            row => (Organ: row.Text(0), Code: row.Text(1), State: row.Text(2)), ct, ("id", id));
        if (known is not [var document])
            return false;
        await tx.ExecuteAsync(
            """
            UPDATE document SET state = 'Refused', leased = 0, lease_epoch = lease_epoch + 1, changed_at = @now, outcome = @outcome,
              reason_code = @reasonCode, reason_vi = @reasonVi, reason_en = @reasonEn WHERE id = @id
            """, ct,
            ("now", now), ("outcome", outcome), ("reasonCode", reason.Code), ("reasonVi", reason.Vi), ("reasonEn", reason.En), ("id", id));
        EventTable.Append(
            tx, EventTable.Out, document.Organ, now,
            new OutgoingEvent(0, now, id, null, null, document.State, nameof(DocumentState.Refused), "", reason, document.Code));
        return true;
    }

    /// <summary>Whether a document waits for a time later than <paramref name="never"/>; only reads.</summary>
    public static async Task<bool> AnyLaterAsync(DatabaseTransaction tx, DateTimeOffset never, CancellationToken ct) =>
        await tx.NumberAsync(
            "SELECT COUNT(*) FROM (SELECT 1 FROM document WHERE state IN ('Received', 'Signing', 'Held') AND due_at > @never LIMIT 1) later", ct, ("never", never)) > 0;

    /// <summary>What waits for a time later than <paramref name="never"/> is due now.</summary>
    public static Task<int> BringBackAsync(DatabaseTransaction tx, DateTimeOffset never, DateTimeOffset now) => tx.ExecuteAsync(
        "UPDATE document SET due_at = @now, leased = 0 WHERE state IN ('Received', 'Signing', 'Held') AND due_at > @never", default, ("never", never), ("now", now));

    public static Task<int> ReleaseAsync(DatabaseTransaction tx, string holder, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE document SET leased = 0, due_at = @now WHERE leased = 1 AND COALESCE(holder, @holder) = @holder", ct, ("now", now), ("holder", holder));
}
