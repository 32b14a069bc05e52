using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Hub;

/// <summary>What a failed message of our own means here: its delivery fails, or a recall or an answer did not get through.</summary>
internal static class OwnFailure
{
    /// <param name="evidence">The signed RelayFailure, ours or a hub's.</param>
    /// <returns>False when the message is none of ours.</returns>
    public static async Task<bool> HappenAsync(
        DatabaseTransaction tx, Guid message, SignedEvidence evidence, bool own, string by, Reason reason, DeliveryEvent happened, DateTimeOffset now)
    {
        if (await DeliveryTable.FindAsync(tx, message, default) is { } delivery)
        {
            await EvidenceLog.AppendAsync(tx, evidence, own, delivery.DocumentId, message, default);
            var step = await DeliveryTable.HappenAsync(tx, delivery, happened, now, default, by, reason);
            if (step.State == DeliveryState.Failed && OpenRequest.IsOpen(delivery.Request))
                await OpenRequest.FollowAsync(tx, delivery, "failed", now);
            return true;
        }

        if (await MessageTable.FindAsync(tx, message, default) is not { Own: true } sent)
            return false;
        var concerned = sent.Header.Concerns is { } id ? await DeliveryTable.FindAsync(tx, id, default) : null;
        await EvidenceLog.AppendAsync(tx, evidence, own, concerned?.DocumentId, message, default);
        if (concerned is { Request: "recall:open" })
            await DeliveryTable.HappenAsync(tx, concerned, null, now, default, by, reason, request: "recall:failed");
        await AnswerTable.MoveAsync(tx, message, AnswerState.Failed, reason, default);
        return true;
    }
}
