using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>
/// The request beside a delivery's state: recall, update or replacement, open until 15 or 16. A later document that asks something of an earlier
/// one opens the request for both; whichever of them the recipient answers, both are answered. At most one is open.
/// </summary>
internal static class OpenRequest
{
    private const string Open = ":open";
    private const string Refused = ":refused";

    /// <summary>A recall, an update or a replacement could not be handed over; a late answer still counts.</summary>
    private const string Failed = ":failed";

    /// <summary>What a document of this type asks.</summary>
    public static string Of(BusinessType type) => type == BusinessType.New ? "" : $"{type.ToString().ToLowerInvariant()}{Open}";

    public static bool IsOpen(string request) => request.EndsWith(Open, StringComparison.Ordinal);

    /// <summary>The request after its answer; null when none waits for one.</summary>
    public static string? Answered(string request, bool agreed) =>
        IsOpen(request) || request.EndsWith(Failed, StringComparison.Ordinal) ? Kind(request) + (agreed ? ":agreed" : Refused) : null;

    /// <summary>Opens the request at what the recipient got before; there may be nothing, for a new recipient.</summary>
    /// <param name="asking">The later document's message to this recipient.</param>
    /// <returns>The delivery that the new message must not overtake.</returns>
    /// <exception cref="RelayException">RequestAlreadyOpen: another one is; worth trying again after its answer.</exception>
    public static async Task<Guid?> AskAsync(DatabaseTransaction tx, Guid document, Submission submission, MessageHeader asking, DateTimeOffset now)
    {
        Guid? after = null;
        foreach (var edxml in submission.BusinessType == BusinessType.New ? [] : submission.Concerns)
        {
            await DemandSentAsync(tx, document, submission.FromOrgan, edxml, default);
            if (await AskedAsync(tx, document, submission.FromOrgan, edxml, asking.To.Organ, default) is not { } asked)
                continue;
            var reason = submission.BusinessReason.Length == 0 ? null : new Reason("REQUESTED", submission.BusinessReason, submission.BusinessReason);
            await DeliveryTable.HappenAsync(tx, asked, null, now, default, null, reason, Of(submission.BusinessType));
            await DeliveryTable.SetAskedByAsync(tx, asked.Id, asking.Id, default);
            after = asked.Id;
        }

        return after;
    }

    /// <summary>15 or 16 came for one delivery: every delivery of the same request is answered. Only what a recall asked for is given back.</summary>
    /// <returns>False when no request waits for an answer: then 15 or 16 contradicts what is known.</returns>
    public static async Task<bool> AnswerAsync(
        DatabaseTransaction tx, StoredDelivery about, Guid message, StatusEntry entry, DateTimeOffset now, Reason? reason)
    {
        var agreed = entry.Code == "15";
        if (Answered(about.Request, agreed) is not { } answer)
            return false;
        foreach (var delivery in await SameAsync(tx, about))
        {
            var given = answer == "recall:agreed" && delivery.BusinessType != BusinessType.Recall ? DeliveryEvent.RecallAgreed : (DeliveryEvent?)null;
            await DeliveryTable.KeepStatusAsync(tx, delivery.Id, message, entry, now, default);
            await DeliveryTable.HappenAsync(tx, delivery, given, now, default, entry.Organ, reason, answer);
        }

        return true;
    }

    /// <summary>The request was refused by the refusal (02) of the document that asks; no 15 or 16 came.</summary>
    public static async Task<bool> IsUnansweredAsync(DatabaseTransaction tx, StoredDelivery asking) =>
        asking.Request.EndsWith(Refused, StringComparison.Ordinal)
        && await tx.NumberAsync("SELECT COUNT(*) FROM delivery_status WHERE delivery_id = @id AND code IN ('15', '16')", default, ("id", asking.Id)) == 0;

    /// <summary>The document that asks was refused (02), could not be handed over, or is sent again: what it asked for follows.</summary>
    /// <param name="word">refused, failed, or open.</param>
    public static async Task FollowAsync(DatabaseTransaction tx, StoredDelivery asking, string word, DateTimeOffset now)
    {
        if (asking.BusinessType == BusinessType.New)
            return;
        // Read again: the asking delivery has moved in this transaction.
        foreach (var delivery in await SameAsync(tx, (await DeliveryTable.FindAsync(tx, asking.Id, default))!))
            await DeliveryTable.HappenAsync(tx, delivery, null, now, default, request: $"{Kind(delivery.Request)}:{word}");
    }

    /// <summary>Before a document is signed and packed: whether its turn has come.</summary>
    /// <exception cref="RelayException">RequestAlreadyOpen: worth trying again later.</exception>
    public static async Task<bool> DemandTurnAsync(DatabaseTransaction tx, Guid document, Submission submission, CancellationToken ct)
    {
        foreach (var edxml in submission.BusinessType == BusinessType.New ? [] : submission.Concerns)
        {
            await DemandSentAsync(tx, document, submission.FromOrgan, edxml, ct);
            foreach (var recipient in submission.Recipients)
                await AskedAsync(tx, document, submission.FromOrgan, edxml, recipient.Organ, ct);
        }

        return true;
    }

    public static RelayException AlreadyOpen(string request, string recipient) => new(
        RelayFault.RequestAlreadyOpen, $"Yêu cầu «{request}» tới {recipient} còn chờ trả lời.", $"The request «{request}» to {recipient} still waits for its answer.");

    private static async Task DemandSentAsync(DatabaseTransaction tx, Guid document, string sender, string edxml, CancellationToken ct)
    {
        if (await DocumentTable.StateAsync(tx, sender, edxml, document, ct) is DocumentState.Received or DocumentState.Signing or DocumentState.Held)
            throw NotSent(edxml);
    }

    /// <summary>What the recipient got under that id before; null when nothing, or when it gave it back.</summary>
    private static async Task<StoredDelivery?> AskedAsync(
        DatabaseTransaction tx, Guid document, string sender, string edxml, string recipient, CancellationToken ct)
    {
        var asked = await DeliveryTable.MatchAsync(tx, sender, edxml, recipient, ct, document);
        if (asked is null || asked.State == DeliveryState.Recalled)
            return null;
        return IsOpen(asked.Request) ? throw AlreadyOpen(asked.Request, recipient) : asked;
    }

    private static RelayException NotSent(string edxml) => new(
        RelayFault.RequestAlreadyOpen, $"Văn bản {edxml} còn đang được chuẩn bị: văn bản này sẽ đi sau nó.", $"The document {edxml} is still being prepared: this one goes after it.");

    /// <summary>The delivery, the one that asks, and all that are asked by it, as far as their request is the same one.</summary>
    private static async Task<List<StoredDelivery>> SameAsync(DatabaseTransaction tx, StoredDelivery about)
    {
        var asking = about.AskedBy is { } by ? await DeliveryTable.FindAsync(tx, by, default) : null;
        var root = asking is not null && Answered(asking.Request, agreed: true) is not null && Kind(asking.Request) == Kind(about.Request) ? asking : about;
        var same = await DeliveryTable.AskedByAsync(tx, root.Id, default);
        return [.. same.Append(root).Append(about).DistinctBy(d => d.Id).Where(d => d.Request == about.Request || d.Id == about.Id)];
    }

    private static string Kind(string request) => request.Split(':')[0];
}
