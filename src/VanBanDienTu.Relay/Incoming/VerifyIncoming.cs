using Microsoft.Extensions.Logging;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Relay.Verification;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>Looks at the signatures of what arrived and applies the acceptance policy; what is broken is answered 02 at once.</summary>
internal sealed class VerifyIncoming(Ground ground, VerdictArchive verdicts)
{
    /// <summary>Asked again when an authority does not answer, before a person is asked.</summary>
    private const int Attempts = 3;

    private readonly DocumentVerifier verifier = new(ground, verdicts);
    private readonly ILogger log = ground.Log<VerifyIncoming>();

    /// <summary>Verifies one document that is due; false when none is.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = ground.Now;
        if (!await ground.Database.AskAsync(tx => IncomingTable.AnyDueAsync(tx, now, ct), ct))
            return false;
        if (await ground.Database.WriteAsync(tx => IncomingTable.ClaimAsync(tx, now, now + ground.Options.Lease, default), ct) is not { } claimed)
            return false;
        using var step = RelayTrace.Start("verify", claimed.Id);
        try
        {
            await LeaseKeeper.WhileAsync(
                ground, (tx, until) => IncomingTable.RenewAsync(tx, claimed, until, default),
                async () =>
                {
                    await VerifyAsync(claimed, ct);
                    return true;
                });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Verifying {Incoming} failed.", claimed.Id);
            await RetryOrHoldAsync(claimed, e);
        }

        return true;
    }

    private async Task VerifyAsync(StoredIncoming incoming, CancellationToken ct)
    {
        using var scratch = new Scratch(ground, incoming.Id);
        if (ground.Gate.Blocks(incoming.From.Organ))
        {
            await RetryAsync(incoming, []); // perhaps it was judged and answered before this node was restored
            return;
        }

        var verified = await verifier.VerifyAsync(incoming.Attachments, incoming.Organ, scratch, ct);
        if (incoming.Attempts < Attempts && verified.Files.Any(DocumentVerifier.WaitsForAuthority))
        {
            await RetryAsync(incoming, [verified]);
            return;
        }

        var rule = ground.Options.Acceptance.Decide(verified.Files);
        var (vi, en) = Explained(rule, verified);
        await DecideAsync(incoming, rule, vi, en, [verified]);
    }

    /// <summary>The decision, its event, and for a refusal the signed 02, in one transaction.</summary>
    private async Task DecideAsync(StoredIncoming incoming, AcceptanceRule rule, string vi, string en, IReadOnlyList<VerifiedDocument> verified)
    {
        List<PayloadRef> reports = [.. verified.Select(v => v.Report)];
        var refusal = rule.Then == Acceptance.Refused ? Refuse(incoming, rule, vi, en, reports) : default;
        await ground.Database.WriteAsync(async tx =>
        {
            var now = ground.Now;
            await VerifiedDocument.StoreAsync(tx, verified);
            if (!await IncomingTable.DecideAsync(tx, incoming, rule, vi, en, reports, default))
                return false;
            IncomingTable.Tell(tx, incoming, nameof(Acceptance.Verifying), rule.Then.ToString(), incoming.Request, now);
            if (refusal.Message is { } message)
            {
                await EvidenceLog.AppendAsync(tx, refusal.Evidence!, own: true, null, incoming.Id, default);
                await OutgoingAnswer.QueueAsync(tx, message, incoming, AnswerRules.RefusalId(incoming.Id), "", EdxmlStatusCode.Rejected.Code(), vi, now);
            }

            return true;
        });
        VerifiedDocument.Stored(verified);
        if (refusal.Message?.Link is { } link)
            ground.Outbox(link).Raise();
    }

    private (StatusMessage? Message, SignedEvidence? Evidence) Refuse(
        StoredIncoming incoming, AcceptanceRule rule, string vi, string en, IReadOnlyList<PayloadRef> reports)
    {
        var evidence = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.ConsignmentRejection)
        {
            From = incoming.From,
            To = [new Party(incoming.Organ)],
            EdxmlDocumentId = incoming.EdxmlDocumentId,
            MessageId = incoming.Id,
            Payloads = [.. incoming.Attachments.Select(a => (a.Name, a.Payload))],
            Status = EdxmlStatusCode.Rejected.Code(),
            VerificationReports = [.. reports.Select(r => r.Sha256)],
            Reason = new Reason(rule.Id, vi, en),
        });
        return (OutgoingAnswer.Write(ground, incoming, EdxmlStatusCode.Rejected, vi, default, [evidence]), evidence);
    }

    private async Task RetryOrHoldAsync(StoredIncoming incoming, Exception failure)
    {
        if (incoming.Attempts < Attempts)
        {
            await RetryAsync(incoming, []);
            return;
        }

        var rule = new AcceptanceRule(
            "verification-impossible", Acceptance.Held, "Không kiểm tra được chữ ký: cần người có thẩm quyền quyết định.",
            "The signatures could not be checked: a person must decide.");
        await DecideAsync(incoming, rule, $"{rule.Vi} ({failure.Message})", $"{rule.En} ({failure.Message})", []);
    }

    private async Task RetryAsync(StoredIncoming incoming, IReadOnlyList<VerifiedDocument> verified)
    {
        await ground.Database.WriteAsync(async tx =>
        {
            await VerifiedDocument.StoreAsync(tx, verified);
            await IncomingTable.RetryAsync(
                tx, incoming, ground.Now + ground.Options.Retry.Delay(incoming.Attempts, Random.Shared.NextDouble()), default);
            return true;
        });
        VerifiedDocument.Stored(verified);
    }

    /// <summary>The rule's sentence, and the verifier's own about the signature that it spoke of, or about the file.</summary>
    private static (string Vi, string En) Explained(AcceptanceRule rule, VerifiedDocument verified)
    {
        var bad = verified.Files.SelectMany(f => f.Signatures).FirstOrDefault(s => s.Indication == Signing.Indication.TotalFailed)
            ?? verified.Files.SelectMany(f => f.Signatures).FirstOrDefault(s => s.Indication == Signing.Indication.Indeterminate);
        var about = bad?.Text ?? verified.Files.SelectMany(f => f.Findings).FirstOrDefault(f => f.Severity == Signing.Severity.Critical)?.Text;
        return about is null ? (rule.Vi, rule.En) : ($"{rule.Vi} {about.Vi}", $"{rule.En} {about.En}");
    }
}
