using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>What units of this node said about documents, put back from its own signed evidence, so that it is not said twice.</summary>
internal static class OwnAnswers
{
    /// <param name="incoming">The document that it is about.</param>
    /// <param name="carrier">The message that it left in; null = it is not known.</param>
    /// <returns>False when it was known.</returns>
    public static async Task<bool> PutBackAsync(DatabaseTransaction tx, SignedEvidence evidence, Guid incoming, Guid? carrier, DateTimeOffset now)
    {
        if (await EvidenceLog.FindAsync(tx, evidence.EvidenceId, default) is not null)
            return false;
        await EvidenceLog.AppendAsync(tx, evidence, own: true, null, incoming, default);
        var stated = ReceiptCheck.Read(evidence)!;
        if (await IncomingTable.FindAsync(tx, incoming, default) is not { } document || stated.Status is not { } code)
            return true;
        var message = carrier ?? Guid.ParseExact(evidence.EvidenceId, "D");
        if (stated.Event == nameof(EvidenceEvent.ContentHandover))
        {
            await IncomingTable.ConfirmAsync(tx, incoming, evidence.EvidenceId, evidence.Time, default);
            await AnswerTable.PutBackAsync(tx, message, document, ConfirmHandover.RequestId(incoming), code, null, evidence.Time);
            return true;
        }

        var request = stated.RequestId ?? (code == "02" ? AnswerRules.RefusalId(incoming) : $"{AnswerRules.NodePrefix}restored:{evidence.EvidenceId}");
        await AnswerTable.PutBackAsync(tx, message, document, request, code, stated.Reason?.Vi, evidence.Time);
        if (code is "15" or "16")
        {
            if (document.RequestOpen)
            {
                foreach (var asked in await IncomingTable.SameRequestAsync(tx, document, default))
                    await IncomingTable.AskAsync(tx, asked, OpenRequest.Answered(asked.Request, code == "15")!, null, null, now, default);
            }

            return true;
        }

        var acceptance = code == "02" ? Acceptance.Refused : Acceptance.Accepted;
        await IncomingTable.SetAcceptanceAsync(tx, incoming, acceptance, default);
        IncomingTable.Tell(tx, document, document.Acceptance.ToString(), acceptance.ToString(), document.Request, now);
        return true;
    }
}
