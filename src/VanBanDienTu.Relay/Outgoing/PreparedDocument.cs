using System.Diagnostics;
using VanBanDienTu.Axis;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Relay.Verification;
using VanBanDienTu.Signing;
using Reason = VanBanDienTu.Relay.Messages.Reason;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>The end of a preparation: queued with all its deliveries, refused, or held; each in one transaction with its evidence.</summary>
internal sealed class PreparedDocument(Ground ground)
{
    /// <summary>Signed and packed: a delivery, a message and an outbox row per recipient, and the signed SubmissionAcceptance.</summary>
    public async Task QueueAsync(
        ClaimedDocument claimed, LocalOrgan sender, IReadOnlyList<Attachment> attachments, Signers signedBy, IReadOnlyList<VerifiedDocument> verified)
    {
        List<PayloadRef> reports = [.. verified.Select(v => v.Report)];
        var envelope = OutgoingEnvelope.Write(claimed.EdxmlDocumentId, claimed.Submission, sender, attachments);
        var deliveries = claimed.Submission.Recipients.Select(r => Delivery(claimed, sender, r, envelope, attachments)).ToList();
        RelayTrace.Link(Activity.Current, deliveries.Select(d => d.Header.Id));
        var acceptance = ground.Evidence.Sign(Facts(claimed, EvidenceEvent.SubmissionAcceptance, reports) with
        {
            State = nameof(DocumentState.Queued), Payloads = [.. attachments.Select(a => (a.Name, a.Payload))],
        });
        await ground.Database.WriteAsync(async tx =>
        {
            var now = ground.Now;
            await VerifiedDocument.StoreAsync(tx, verified);
            if (!await DocumentTable.FinishAsync(
                tx, claimed, DocumentState.Queued, null, now, now, attachments, Names(reports), acceptance.EvidenceId, signedBy, default))
                return false;
            await KeepReportsAsync(tx, reports);
            await EvidenceLog.AppendAsync(tx, acceptance, own: true, claimed.Id, null, default);
            for (var i = 0; i < deliveries.Count; i++)
                await deliveries[i].StoreAsync(tx, claimed.Id, claimed.Submission, i, now);
            await ResponseTable.SentAsync(tx, claimed.Id, claimed.Submission, now, default);
            return true;
        });
        VerifiedDocument.Stored(verified);
        QueuedDelivery.Wake(ground, deliveries);
    }

    /// <summary>Refused for good with signed SubmissionRejection, or held and tried again.</summary>
    /// <param name="verified">What was looked at, and what the outcome rests on.</param>
    public Task RefuseOrHoldAsync(ClaimedDocument claimed, Reason reason, bool wait, IReadOnlyList<VerifiedDocument> verified) =>
        RefuseOrHoldAsync(claimed, reason, wait, verified, [.. verified.Select(v => v.Report)]);

    private async Task RefuseOrHoldAsync(
        ClaimedDocument claimed, Reason reason, bool wait, IReadOnlyList<VerifiedDocument> verified, IReadOnlyList<PayloadRef> reports)
    {
        var rejection = wait ? null : ground.Evidence.Sign(Facts(claimed, EvidenceEvent.SubmissionRejection, reports) with
        {
            State = nameof(DocumentState.Refused), Reason = reason,
            Payloads = [.. claimed.Submission.Attachments.Select(a => (a.Name, a.Payload!))],
        });
        await ground.Database.WriteAsync(async tx =>
        {
            var now = ground.Now;
            await VerifiedDocument.StoreAsync(tx, verified);
            var due = now + ground.Options.Retry.Delay(claimed.Attempt, Random.Shared.NextDouble());
            if (!await DocumentTable.FinishAsync(
                tx, claimed, wait ? DocumentState.Held : DocumentState.Refused, reason, now, due, [], Names(reports), rejection?.EvidenceId, null, default))
                return false;
            await KeepReportsAsync(tx, reports);
            if (rejection is not null)
                await EvidenceLog.AppendAsync(tx, rejection, own: true, claimed.Id, null, default);
            return true;
        });
        VerifiedDocument.Stored(verified);
    }

    /// <summary>What is wrong with the document is refused; what is wrong with keys, authorities or this node is held for a person to mend.</summary>
    public Task SettleFailureAsync(ClaimedDocument claimed, Exception failure, IReadOnlyList<VerifiedDocument> verified) => failure switch
    {
        SigningException { Fault: SigningFault.PdfUnreadable or SigningFault.PdfEncrypted or SigningFault.PdfForbidsSigning or SigningFault.LintRefused or SigningFault.BadRequest } bad =>
            RefuseOrHoldAsync(claimed, new Reason(Code(bad.Fault), bad.Vietnamese, bad.Message), wait: false, verified, []),
        SigningException signing => RefuseOrHoldAsync(claimed, new Reason(Code(signing.Fault), signing.Vietnamese, signing.Message), wait: true, verified, []),
        AxisException axis => RefuseOrHoldAsync(claimed, new Reason("ENVELOPE_INVALID", axis.Vi, axis.Message), wait: false, verified, []),
        RelayException relay => RefuseOrHoldAsync(claimed, new Reason(relay.Fault.Code(), relay.Vi, relay.Message), wait: true, verified, []),
        _ => RefuseOrHoldAsync(
            claimed, new Reason("PREPARATION_FAILED", $"Lỗi khi chuẩn bị văn bản: {failure.Message}", $"Preparing the document failed: {failure.Message}"), wait: true, verified, []),
    };

    private QueuedDelivery Delivery(
        ClaimedDocument claimed, LocalOrgan sender, Party recipient, byte[] envelope, IReadOnlyList<Attachment> attachments)
    {
        return QueuedDelivery.Of(ground, new MessageHeader
        {
            Id = Guid.CreateVersion7(ground.Now),
            Kind = MessageKind.Document,
            From = new Party(sender.Organ, sender.Name),
            To = recipient,
            EdxmlDocumentId = claimed.EdxmlDocumentId,
            Envelope = envelope,
            Attachments = attachments,
            Hops = [new Hop(ground.Options.Organ, ground.Now)],
            Urgency = claimed.Submission.Document.Urgency,
            Created = ground.Now,
        });
    }

    private static EvidenceFacts Facts(ClaimedDocument claimed, EvidenceEvent what, IReadOnlyList<PayloadRef> reports) => new(what)
    {
        From = new Party(claimed.Submission.FromOrgan),
        To = claimed.Submission.Recipients,
        RequestId = claimed.Submission.RequestId,
        RequestDigest = SubmissionRules.Digest(claimed.Submission),
        DocumentId = claimed.Id,
        EdxmlDocumentId = claimed.EdxmlDocumentId,
        Attempt = claimed.Attempt,
        PreviousState = claimed.Was.ToString(),
        VerificationReports = Names(reports),
    };

    private static async Task KeepReportsAsync(DatabaseTransaction tx, IReadOnlyList<PayloadRef> reports)
    {
        foreach (var report in reports)
            await PayloadStore.KeepAsync(tx, report, default);
    }

    private static List<string> Names(IReadOnlyList<PayloadRef> reports) => [.. reports.Select(r => r.Sha256).Distinct(StringComparer.Ordinal)];

    private static string Code(SigningFault fault) => string.Concat(
        fault.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
