using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Turns what came of an attempt into evidence and moves: signatures first, then one transaction.</summary>
internal sealed class SendOutcome(Ground ground, ReceiptCheck receipts, GiveUp giveUp)
{
    /// <summary>Checks the peer's receipt; an answer without a good one has not happened for us: it is asked for again.</summary>
    public AxisOutcome Checked(ClaimedMessage claimed, AxisOutcome outcome)
    {
        var (message, digest) = (claimed.Message.Header, claimed.Message.Digest);
        var problem = outcome switch
        {
            AxisOutcome.Accepted { Receipt: { } receipt } => receipts.Problem(receipt, ReceiptCheck.Acceptances, message.Id, digest),
            AxisOutcome.Refused { Receipt: { } receipt } => receipts.Problem(receipt, [EvidenceEvent.RelayRejection], message.Id, digest),
            _ => null,
        };
        return problem is null ? outcome : new AxisOutcome.Failed(problem.En);
    }

    /// <summary>Commits the outcome of one attempt.</summary>
    /// <param name="before">Runs first in the same transaction: the destination's own row; null = it stays as it is.</param>
    public async Task CommitAsync(
        ClaimedMessage claimed, string destination, AxisOutcome outcome, SendDecision decision, Func<DatabaseTransaction, Task>? before)
    {
        var (wake, work) = decision switch
        {
            SendDecision.Done => (null, Accepted(claimed, destination, (AxisOutcome.Accepted)outcome)),
            SendDecision.GiveUp gaveUp => GivenUp(claimed, destination, outcome, gaveUp),
            SendDecision.Retry retry => (null, tx => OutboxTable.RetryAsync(tx, claimed.Message.Header.Id, claimed.Epoch, retry.Due, retry.Why, default)),
            _ => throw new InvalidOperationException($"No work for {decision.GetType().Name}."),
        };
        await ground.Database.WriteAsync(
            async tx =>
            {
                if (before is not null)
                    await before(tx);
                await work(tx);
                return true;
            }, patient: true);
        if (wake is not null)
            ground.Outbox(wake).Raise();
    }

    /// <summary>Also when the lease was lost meanwhile: a signed receipt is stored and counts, whoever obtained it.</summary>
    private Func<DatabaseTransaction, Task> Accepted(ClaimedMessage claimed, string destination, AxisOutcome.Accepted accepted)
    {
        var message = claimed.Message.Header;
        // A far side that does not sign leaves us with our own word, and evidence that says exactly that.
        var receipt = accepted.Receipt ?? ground.Evidence.Sign(
            EvidenceFacts.About(EvidenceEvent.RelayToNonERDS, message, claimed.Message.Digest) with
            {
                Attempt = claimed.Attempt, FarId = accepted.FarId,
            });
        return async tx =>
        {
            if (accepted.FarId is { } farId)
                await FarPacketTable.SentAsync(tx, destination, farId, message.Id, ground.Now, default);
            await OutboxTable.RemoveAsync(tx, message.Id, default);
            var delivery = claimed.Message.Own ? await DeliveryTable.FindAsync(tx, message.Id, default) : null;
            await EvidenceLog.AppendAsync(tx, receipt, own: accepted.Receipt is null, delivery?.DocumentId, message.Id, default);
            if (delivery is not null)
                await DeliveryTable.HappenAsync(tx, delivery, DeliveryEvent.HopAccepted, ground.Now, default);
            else if (claimed.Message.Own)
                await AnswerTable.MoveAsync(tx, message.Id, AnswerState.Relayed, null, default);
        };
    }

    private (string? Wake, Func<DatabaseTransaction, Task> Work) GivenUp(
        ClaimedMessage claimed, string destination, AxisOutcome outcome, SendDecision.GiveUp gaveUp)
    {
        var receipt = outcome switch
        {
            AxisOutcome.Refused refused => refused.Receipt,
            AxisOutcome.Conflict conflict => conflict.Evidence,
            _ => null,
        };
        var by = receipt?.Issuer ?? (gaveUp.Refused ? destination : ground.Options.Node);
        var (commit, wake) = giveUp.Prepare(claimed.Message, claimed.Attempt, by, gaveUp.Reason, gaveUp.Refused);
        return (wake, async tx =>
        {
            // Only the holder of the lease may give up: another attempt may be succeeding right now.
            if (!await OutboxTable.RemoveAsync(tx, claimed.Message.Header.Id, claimed.Epoch, default))
                return;
            if (receipt is not null)
                await KeepPeersAsync(tx, claimed, receipt);
            await commit(tx);
        });
    }

    private static async Task KeepPeersAsync(DatabaseTransaction tx, ClaimedMessage claimed, SignedEvidence receipt)
    {
        var delivery = claimed.Message.Own ? await DeliveryTable.FindAsync(tx, claimed.Message.Header.Id, default) : null;
        await EvidenceLog.AppendAsync(tx, receipt, own: false, delivery?.DocumentId, claimed.Message.Header.Id, default);
    }
}
