using System.Buffers;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Axis;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Relay.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Issue;
using Reason = VanBanDienTu.Relay.Messages.Reason;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>
/// Stop 2: checks the personal signature, adds the organisation's, verifies the result, writes the packets once, queues a delivery per
/// recipient. A leased job: when the process dies in it, the next one begins again from the stored submission, and nothing had left.
/// </summary>
internal sealed class PrepareDocument(Ground ground, VerdictArchive verdicts)
{
    /// <summary>About what a signature adds to a document.</summary>
    private const int SignatureRoom = 32 << 10;

    private readonly DocumentVerifier verifier = new(ground, verdicts);
    private readonly PreparedDocument prepared = new(ground);
    private readonly ILogger log = ground.Log<PrepareDocument>();

    /// <summary>Prepares one document that is due; false when none is.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = ground.Now;
        if (!await ground.Database.AskAsync(tx => DocumentTable.AnyDueAsync(tx, now, ct), ct))
            return false;
        if (await ground.Database.WriteAsync(tx => DocumentTable.ClaimAsync(tx, now, now + ground.Options.Lease, default), ct) is not { } claimed)
            return false;
        using var step = RelayTrace.Start("prepare", claimed.Id);
        var verified = new List<VerifiedDocument>();
        try
        {
            await LeaseKeeper.WhileAsync(
                ground, (tx, until) => DocumentTable.RenewAsync(tx, claimed, until, default),
                async () =>
                {
                    await PrepareAsync(claimed, verified, ct);
                    return true;
                });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await prepared.SettleFailureAsync(claimed, e, verified);
            if (e is not (SigningException or AxisException or RelayException { Fault: RelayFault.RequestAlreadyOpen }))
                log.LogError(e, "Preparing document {Document} failed; it is held and tried again.", claimed.Id);
        }

        return true;
    }

    /// <param name="verified">Gets what was verified, also when the work ends early.</param>
    private async Task PrepareAsync(ClaimedDocument claimed, List<VerifiedDocument> verified, CancellationToken ct)
    {
        var submission = claimed.Submission;
        var sender = ground.Find(submission.FromOrgan)
            ?? throw new RelayException(RelayFault.NotYourOrgan, $"Cơ quan {submission.FromOrgan} không còn ở nút này.", $"Organ {submission.FromOrgan} is no longer at this node.");
        ground.Gate.Demand(submission.Recipients.Select(r => r.Organ)); // perhaps it was sent before this node was restored
        if (submission.BusinessType != BusinessType.New)
            await ground.Database.ReadAsync(tx => OpenRequest.DemandTurnAsync(tx, claimed.Id, submission, ct), ct);
        using var scratch = new Scratch(ground, claimed.Id);
        List<Attachment> attachments = [.. submission.Attachments.Select(a => new Attachment(a.Name, a.Payload!, ContentTypeOf(a), a.Description))];
        var before = await verifier.VerifyAsync(attachments, sender.Organ, scratch, ct);
        verified.Add(before);
        var exempt = sender.ExemptTypes.Contains(submission.Document.TypeName, StringComparer.OrdinalIgnoreCase);
        if (PersonalSignature.Problem(before.Files, exempt) is { } problem)
        {
            await prepared.RefuseOrHoldAsync(claimed, problem.Reason, problem.Wait, verified);
            return;
        }

        attachments[0] = attachments[0] with { Payload = await SignAsync(claimed, sender, attachments[0].Payload, scratch, ct) };
        var after = await verifier.VerifyAsync(attachments, sender.Organ, scratch, ct);
        verified.Add(after);
        if (OwnProblem(after) is { } own)
        {
            await prepared.RefuseOrHoldAsync(claimed, own, wait: true, verified);
            return;
        }

        var signedBy = PersonalSignature.Holds(before.Files[0]) ? Signers.OrganizationAndPerson : Signers.Organization;
        await prepared.QueueAsync(claimed, sender, attachments, signedBy, verified);
    }

    private async Task<PayloadRef> SignAsync(ClaimedDocument claimed, LocalOrgan sender, PayloadRef document, Scratch scratch, CancellationToken ct)
    {
        var request = RequestOf(claimed.Submission, sender);
        if (document.Size <= PayloadStore.MemoryBytes)
        {
            var written = new ArrayBufferWriter<byte>(checked((int)document.Size) + SignatureRoom);
            Tell(claimed, await ground.Signer.SignAsync(await scratch.ReadAsync(document, ct), written, sender.SigningKey!, request, ct));
            var signed = await ground.Payloads.SaveAsync(written.WrittenMemory, ct);
            scratch.Hold(signed, written.WrittenMemory);
            return signed;
        }

        var input = await ground.Payloads.PathAsync(document, scratch.File("unsigned.pdf"), ct);
        var output = scratch.File("signed.pdf");
        Tell(claimed, await ground.Signer.SignAsync(input, output, sender.SigningKey!, request, ct));
        await using var content = new FileStream(output, FileMode.Open, FileAccess.Read);
        return await ground.Payloads.SaveAsync(content, ct);
    }

    private SignatureRequest RequestOf(Submission submission, LocalOrgan sender) => new()
    {
        Role = submission.Placement is null && sender.Seal.Image is null ? SignatureRole.Invisible : SignatureRole.Organization,
        Appearance = sender.Seal,
        Page = submission.Placement?.Page,
        Rect = submission.Placement is { } place ? Rectangle(place) : null,
        Level = sender.Level,
        Time = ground.Now,
        Lint = sender.Lint,
        Issue = IssueOf(submission.Document),
    };

    private void Tell(ClaimedDocument claimed, SignedPdf signed)
    {
        foreach (var warning in signed.Warnings)
            log.LogWarning("Document {Document}: {Warning}", claimed.Id, warning.En);
    }

    /// <summary>Number and date go into fields that the draft reserved for them and that are still empty; most drafts have them printed.</summary>
    private static IssueDetails IssueOf(DocumentHeader header) => new()
    {
        Number = header.Number.Length > 0 && header.Notation.Length > 0 ? $"{header.Number}/{header.Notation}" : null, Date = header.PromulgationDate, IfReserved = true,
    };

    /// <summary>Our own output must pass our own verification; when it does not, a person has to look at keys, clock or authorities.</summary>
    private static Reason? OwnProblem(VerifiedDocument verified)
    {
        var own = verified.Files[0].Signatures.LastOrDefault();
        if (own is { Indication: Indication.TotalPassed })
            return null;
        return own is null
            ? new Reason("OUTPUT_NOT_VALID", "Văn bản vừa ký không có chữ ký.", "The document that was just signed carries no signature.")
            : new Reason("OUTPUT_NOT_VALID", $"Chữ ký của cơ quan chưa đạt: {own.Text.Vi}", $"The organisation's signature does not pass: {own.Text.En}");
    }

    private static Pdf.PdfRectangle Rectangle(SignaturePlacement place) =>
        new(place.X, place.Y, place.X + place.Width, place.Y + place.Height);

    private static string ContentTypeOf(SubmittedAttachment attachment) =>
        attachment.ContentType.Length > 0 ? attachment.ContentType : Axis.Edxml.AttachmentEncoding.ContentTypeOf(attachment.Name);
}
