using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Receipts;

/// <summary>
/// Stop 4: what recipients and hubs report about our documents. Late, repeated, out of order, contradictory: everything is kept,
/// nothing blocks what comes after; what cannot be matched or trusted goes to quarantine with its bytes.
/// </summary>
internal sealed class ApplyReceipt(Ground ground, ReceiptCheck check)
{
    private static readonly EvidenceEvent[] StatusEvents =
    [
        EvidenceEvent.ContentConsignment, EvidenceEvent.ContentHandover, EvidenceEvent.ConsignmentRejection, EvidenceEvent.ConsignmentAcceptance,
        EvidenceEvent.BusinessStatus,
    ];

    /// <summary>Checks and signs outside the transaction; the answer is applied inside the one that keeps the message.</summary>
    public Func<DatabaseTransaction, Task> Status(MessageHeader message, EdxmlStatus status, PeerNode peer)
    {
        var problem = message.Evidence
            .Select(e => check.Problem(e, StatusEvents, message.Concerns ?? Guid.Empty, null)).FirstOrDefault(p => p is not null);
        if (problem is not null)
            return tx => Quarantine.KeepAsync(tx, message, peer.Node, problem, ground.Now, default);
        // Unsigned: what we can honestly say is that it came from outside, with these bytes.
        var unsigned = message.Evidence.Count > 0 ? null : ground.Evidence.Sign(
            EvidenceFacts.About(EvidenceEvent.ReceivedFromNonERDS, message, MessageDigest.Of(message)) with { Status = status.StatusCode.Code() });
        return status.StatusCode == EdxmlStatusCode.TakeBack
            ? tx => RecallAskedAsync(tx, message, status, unsigned, peer)
            : tx => ReportedAsync(tx, message, status, unsigned, peer);
    }

    /// <summary>A hub gave up one of our messages.</summary>
    public Func<DatabaseTransaction, Task> Failure(MessageHeader message, PeerNode peer)
    {
        var evidence = message.Evidence[0];
        var (concerned, stated) = (message.Concerns!.Value, ReceiptCheck.Read(evidence));
        var problem = check.Problem(evidence, [EvidenceEvent.RelayFailure], concerned, null);
        return async tx =>
        {
            if (problem is not null)
                await Quarantine.KeepAsync(tx, message, peer.Node, problem, ground.Now, default);
            else if (!await OnTheWayAsync(tx, concerned, message) || !await OwnFailure.HappenAsync(
                tx, concerned, evidence, own: false, stated!.Node, stated.Reason ?? NoReason, DeliveryEvent.GaveUp, ground.Now))
                await Quarantine.KeepAsync(tx, message, peer.Node, NotMatched, ground.Now, default);
        };
    }

    /// <summary>Only a hub between us and the recipient can have given up: any other's word is its own invention.</summary>
    private async Task<bool> OnTheWayAsync(DatabaseTransaction tx, Guid concerned, MessageHeader failure) =>
        await MessageTable.FindAsync(tx, concerned, default) is { Own: true, Header: var sent } && Is(failure.To.Organ, sent.From.Organ)
        && (ground.LinkTo(sent.To.Organ).Link is not { } way || way == ground.LinkTo(failure.From.Organ).Link);

    private async Task ReportedAsync(DatabaseTransaction tx, MessageHeader message, EdxmlStatus status, SignedEvidence? unsigned, PeerNode peer)
    {
        if (await FindAsync(tx, message, status) is not { } delivery)
        {
            await Quarantine.KeepAsync(tx, message, peer.Node, NotMatched, ground.Now, default);
            return;
        }

        var code = status.StatusCode.Code();
        foreach (var evidence in message.Evidence.Append(unsigned).OfType<SignedEvidence>())
            await EvidenceLog.AppendAsync(tx, evidence, own: evidence == unsigned, delivery.DocumentId, delivery.Id, default);
        var happened = Delivery.OfStatus(code);
        // 15 or 16 without an open request contradicts what we know.
        var contradicts = happened is null && OpenRequest.Answered(delivery.Request, agreed: true) is null;
        var entry = new StatusEntry(code, status.Description, status.Timestamp ?? message.Created, message.From.Organ, contradicts);
        if (!await DeliveryTable.KeepStatusAsync(tx, delivery.Id, message.Id, entry, ground.Now, default))
            return;
        if (happened is null)
        {
            await OpenRequest.AnswerAsync(tx, delivery, message.Id, entry, ground.Now, entry.Reason);
            return;
        }

        var step = await DeliveryTable.ReportedAsync(tx, delivery, message.Id, ground.Now, default);
        if (step.State == DeliveryState.Rejected && OpenRequest.IsOpen(delivery.Request))
            await OpenRequest.FollowAsync(tx, delivery, "refused", ground.Now);
        else if (delivery.State == DeliveryState.Rejected && step.State != DeliveryState.Rejected && await OpenRequest.IsUnansweredAsync(tx, delivery))
            await OpenRequest.FollowAsync(tx, delivery, "open", ground.Now); // the refusal was said after an acceptance, which only came later
    }

    /// <summary>By our own id, if the reporting organ is the recipient; else by the document's edXML id and the reporting organ, if unique.</summary>
    private async Task<StoredDelivery?> FindAsync(DatabaseTransaction tx, MessageHeader message, EdxmlStatus status)
    {
        if (message.Concerns is { } id && await DeliveryTable.FindAsync(tx, id, default) is { } found)
            return Is(found.Recipient.Organ, message.From.Organ) && Is(message.To.Organ, found.Sender) ? found : null;
        return await DeliveryTable.MatchAsync(
            tx, ground.Directory.Resolve(message.To.Organ), status.ResponseFor.DocumentId ?? message.EdxmlDocumentId, message.From.Organ, default);
    }

    private async Task RecallAskedAsync(DatabaseTransaction tx, MessageHeader message, EdxmlStatus status, SignedEvidence? unsigned, PeerNode peer)
    {
        var incoming = message.Concerns is { } id ? await IncomingTable.FindAsync(tx, id, default) : null;
        incoming ??= await IncomingTable.MatchAsync(
            tx, ground.Directory.Resolve(message.To.Organ), message.From.Organ, status.ResponseFor.DocumentId ?? message.EdxmlDocumentId, default);
        if (incoming is null || !Is(message.To.Organ, incoming.Organ) || incoming.From.Organ != message.From.Organ)
        {
            await Quarantine.KeepAsync(tx, message, peer.Node, NotMatched, ground.Now, default);
            return;
        }

        foreach (var evidence in message.Evidence.Append(unsigned).OfType<SignedEvidence>())
            await EvidenceLog.AppendAsync(tx, evidence, own: evidence == unsigned, null, incoming.Id, default);
        if (incoming.Request is "recall:open" or "recall:agreed")
            return; // the same request again
        if (incoming.RequestOpen)
            await Quarantine.KeepAsync(tx, message, peer.Node, AnotherOpen(incoming.Request), ground.Now, default);
        else
            await IncomingTable.AskAsync(tx, incoming, "recall:open", status.Description, null, ground.Now, default);
    }

    /// <summary>The same unit, or the one that took over its work since.</summary>
    private bool Is(string addressed, string organ) => addressed == organ || ground.Directory.Resolve(addressed) == organ;

    private static Reason AnotherOpen(string request) => new(
        "REQUEST_ALREADY_OPEN", $"Nơi gửi đề nghị lấy lại khi yêu cầu «{request}» còn chờ trả lời: hãy trả lời yêu cầu đó, rồi hỏi nơi gửi.",
        $"The sender asks the document back while «{request}» waits for its answer: answer that, then ask the sender.");

    private static Reason NotMatched { get; } = new(
        "NOT_MATCHED", "Không tìm thấy văn bản mà thông điệp này nói đến.", "No document here is the one that this message speaks of.");

    private static Reason NoReason { get; } = new("RELAY_FAILURE", "Nút trung gian không chuyển được.", "A hub could not hand it on.");
}
