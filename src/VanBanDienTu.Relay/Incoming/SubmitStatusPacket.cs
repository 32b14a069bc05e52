using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>
/// A status packet that a unit's own system made: 01 to 06, 15 and 16 about what arrived for it, 13 about what it sent. Answers travel on with
/// the unit's own bytes.
/// </summary>
public sealed class SubmitStatusPacket
{
    private readonly Ground ground;
    private readonly ConfirmHandover handover;
    private readonly AnswerDocument answer;
    private readonly RecallDocument recall;

    internal SubmitStatusPacket(Ground ground, ConfirmHandover handover, AnswerDocument answer, RecallDocument recall) =>
        (this.ground, this.handover, this.answer, this.recall) = (ground, handover, answer, recall);

    /// <returns>The id of the status on its way (for 13: of the document taken back). The same packet again answers the same.</returns>
    /// <exception cref="RelayException">
    /// NotYourOrgan; DocumentUnknown: no document here is the one that it speaks of; and those of <see cref="AnswerDocument"/> and <see cref="RecallDocument"/>.
    /// </exception>
    public async Task<Guid> RunAsync(string organ, EdxmlStatus status, ReadOnlyMemory<byte> packet, CancellationToken ct)
    {
        if (!ground.ByPackets(organ) || status.From.OrganId.Text != organ)
        {
            throw new RelayException(
                RelayFault.NotYourOrgan, $"Gói trạng thái ghi nơi gửi là {status.From.OrganId}, người gửi là {organ}.",
                $"The status packet says that {status.From.OrganId} sends it; its sender is {organ}.");
        }

        return status.StatusCode == EdxmlStatusCode.TakeBack ? await TakeBackAsync(organ, status, ct) : await AnswerAsync(organ, status, packet, ct);
    }

    private async Task<Guid> TakeBackAsync(string organ, EdxmlStatus status, CancellationToken ct)
    {
        var about = status.ResponseFor;
        var document = await ground.Database.ReadAsync(
            async tx => about.DocumentId is { } edxml ? await DocumentTable.FindEdxmlAsync(tx, organ, edxml, ct) : null, ct)
            ?? throw NotKnown(about);
        try
        {
            await recall.RunAsync(organ, document, about.OrganId is { } recipient ? [recipient.Text] : [], status.Description ?? "", ct);
        }
        catch (RelayException e) when (e.Fault == RelayFault.RequestAlreadyOpen)
        {
            // The same request again: it is on its way.
        }

        return document;
    }

    private async Task<Guid> AnswerAsync(string organ, EdxmlStatus status, ReadOnlyMemory<byte> packet, CancellationToken ct)
    {
        var about = status.ResponseFor;
        var incoming = await ground.Database.ReadAsync(tx => MatchAsync(tx, organ, about, ct), ct) ?? throw NotKnown(about);
        // Whoever reports about a document has it.
        if (incoming.Confirmed is null && status.StatusCode is >= EdxmlStatusCode.Arrived and <= EdxmlStatusCode.Finished and not EdxmlStatusCode.Rejected)
            await handover.RunAsync(organ, incoming.Id, "", ct);
        if (status.StatusCode == EdxmlStatusCode.Arrived)
            return incoming.Id;
        return await answer.RunAsync(
            organ, incoming.Id,
            new UnitAnswer(
                $"packet:{MessageDigest.Hex(packet.Span)}", status.StatusCode.Code(), status.Description, status.Staff?.Staff, status.Staff?.Department)
            {
                Packet = packet,
            }, ct);
    }

    /// <summary>By the sender's id of the document, else by its number and date; only if exactly one fits.</summary>
    private static async Task<StoredIncoming?> MatchAsync(DatabaseTransaction tx, string organ, ResponseFor about, CancellationToken ct)
    {
        if (about.OrganId is not { } sender)
            return null;
        if (about.DocumentId is { } edxml && await IncomingTable.MatchAsync(tx, organ, sender.Text, edxml, ct) is { } found)
            return found;
        return about is { Code: { } code, PromulgationDate: { } date }
            ? await IncomingTable.MatchCodeAsync(tx, organ, sender.Text, code, date.ToString("yyyy-MM-dd"), ct) : null;
    }

    private static RelayException NotKnown(ResponseFor about) => RelayException.Unknown(about.DocumentId ?? about.Code ?? "?");
}
