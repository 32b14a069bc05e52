using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>The unit's own system has the document durably: ContentHandover is signed, and 01 leaves for the sender.</summary>
public sealed class ConfirmHandover
{
    private readonly Ground ground;

    internal ConfirmHandover(Ground ground) => this.ground = ground;

    /// <summary>Repeating changes nothing and answers the same; a 01 that could not be delivered is sent again.</summary>
    /// <param name="sha256">Digest of the first attachment as the unit's system stored it; empty when it does not say.</param>
    /// <exception cref="RelayException">DocumentUnknown, DigestMismatch.</exception>
    public async Task<Handover> RunAsync(string organ, Guid incomingId, string sha256, CancellationToken ct)
    {
        using var step = RelayTrace.Start("handover", incomingId);
        var (incoming, consignment) = await FindAsync(organ, incomingId, ct);
        var kept = incoming.Attachments[0].Payload.Sha256;
        if (sha256.Length > 0 && !string.Equals(sha256, kept, StringComparison.OrdinalIgnoreCase))
        {
            throw new RelayException(
                RelayFault.DigestMismatch, $"Tệp đã lưu có SHA-256 {sha256}, bản gốc có {kept}: hãy tải lại.",
                $"The stored file has SHA-256 {sha256}, the original {kept}: fetch it again.");
        }

        if (incoming.Confirmed is null)
            ground.Gate.Demand([incoming.From.Organ]);
        if (incoming.Confirmed is null)
            await ConfirmAsync(incoming, consignment);
        else if (await ground.Database.ReadAsync(tx => AnswerTable.FindAsync(tx, organ, RequestId(incomingId), ct), ct) is { } arrived)
            await OutgoingAnswer.SendAgainAsync(ground, arrived.Message);
        var (now, handover) = await ground.Database.ReadAsync(
            async tx =>
            {
                var confirmed = (await IncomingTable.FindAsync(tx, incomingId, ct))!;
                return (confirmed.Confirmed!.Value, (await EvidenceLog.FindAsync(tx, confirmed.Handover!, ct))!);
            }, ct);
        return new Handover(now, handover);
    }

    private async Task ConfirmAsync(StoredIncoming incoming, SignedEvidence consignment)
    {
        var handover = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.ContentHandover)
        {
            From = incoming.From,
            To = [new Party(incoming.Organ)],
            EdxmlDocumentId = incoming.EdxmlDocumentId,
            MessageId = incoming.Id,
            Payloads = [.. incoming.Attachments.Select(a => (a.Name, a.Payload))],
            Status = EdxmlStatusCode.Arrived.Code(),
            VerificationReports = [.. incoming.Reports.Select(r => r.Sha256)],
        });
        var message = OutgoingAnswer.Write(ground, incoming, EdxmlStatusCode.Arrived, null, default, [consignment, handover]);
        await ground.Database.WriteAsync(async tx =>
        {
            var now = ground.Now;
            if (!await IncomingTable.ConfirmAsync(tx, incoming.Id, handover.EvidenceId, now, default))
                return false;
            await EvidenceLog.AppendAsync(tx, handover, own: true, null, incoming.Id, default);
            await OutgoingAnswer.QueueAsync(tx, message, incoming, RequestId(incoming.Id), "", EdxmlStatusCode.Arrived.Code(), null, now);
            return true;
        });
        if (message.Link is not null)
            ground.Outbox(message.Link).Raise();
    }

    /// <summary>01 has no request of the unit's own.</summary>
    internal static string RequestId(Guid incoming) => $"{AnswerRules.NodePrefix}handover:{incoming:D}";

    private Task<(StoredIncoming Incoming, SignedEvidence Consignment)> FindAsync(string organ, Guid id, CancellationToken ct) => ground.Database.ReadAsync(
        async tx => await IncomingTable.FindAsync(tx, id, ct) is { } found && found.Organ == organ
            ? (found, (await EvidenceLog.FindAsync(tx, found.Consignment, ct))!)
            : throw RelayException.Unknown(id.ToString("D")), ct);
}
