using System.Diagnostics;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Telemetry;
using Urgency = VanBanDienTu.Relay.Messages.Urgency;

namespace VanBanDienTu.Gateway.Links;

/// <summary>Makes messages of one packet that the axis holds for us: one for each of its recipients that this item is for.</summary>
internal sealed class VxpIntake(VxpLink link, RelayNode relay, NodeConfig config, TimeProvider time)
{
    /// <summary>Everything is durable when this returns.</summary>
    /// <returns>Why the packet can never be taken; null when it is taken, now or before.</returns>
    public async Task<Reason?> TakeAsync(VxpReceived item, CancellationToken ct)
    {
        var raw = await relay.Far.KeepRawAsync(
            link.Name, item.DocId, async to =>
            {
                var reply = await link.Client.GetEdocAsync(item.DocId, to, ct);
                if (reply.Error is { IsTemporary: true } error)
                    throw new HttpRequestException($"The axis answers {(int)error.Code} for packet {item.DocId}: {error.Description}");
                reply.Require();
            }, ct);
        using var spool = new PacketSpool(config);
        var packet = await Task.Run(
            () =>
            {
                using var bytes = raw();
                return EdxmlPacket.Unpack(bytes, spool.Folder, ct: ct);
            }, ct);
        if (packet.HasErrors)
        {
            var errors = packet.Problems.Where(p => p.IsError).Take(5).ToList();
            return new Reason("ENVELOPE_INVALID", string.Join(" ", errors.Select(e => e.Vi)), string.Join(" ", errors.Select(e => e.En)));
        }

        return packet.Reading.Status is { } status ? await StatusAsync(item, packet, status, ct) : await DocumentAsync(item, packet, ct);
    }

    private async Task<Reason?> DocumentAsync(VxpReceived item, UnpackedPacket packet, CancellationToken ct)
    {
        var document = packet.Reading.Document!;
        if (packet.Attachments.Count != document.References.Count)
            return new Reason("ENVELOPE_INVALID", "Có tệp đính kèm không được khai báo.", "An attachment is not in the manifest.");
        var recipients = document.To.Where(to => item.To is null ? IsOurs(to.OrganId.Text) : to.OrganId.Text == item.To).ToList();
        if (recipients.Count == 0)
            return new Reason("ROUTE_UNKNOWN", "Gói tin không gửi cho đơn vị nào sau nút này.", "The packet is for no organ behind this node.");
        var attachments = await relay.Payloads.KeepAsync(packet, ct);
        foreach (var recipient in recipients)
        {
            var refusal = await AcceptAsync(item, new MessageHeader
            {
                Id = FarPackets.MessageId(link.Name, item.DocId, recipient.OrganId.Text),
                Kind = MessageKind.Document,
                From = new Party(document.From.OrganId.Text, document.From.Name),
                To = new Party(recipient.OrganId.Text, recipient.Name),
                EdxmlDocumentId = document.DocumentId,
                Envelope = packet.Envelope,
                Attachments = attachments,
                Hops = [.. packet.Hops().TakeLast(MessageHeader.MaxHops / 2)],
                Urgency = (Urgency)Math.Min(Urgencies.FromPriority(document.Other?.Priority).Priority(), (int)Urgency.Flash),
                Created = item.Created ?? time.GetUtcNow(),
            }, ct);
            if (refusal is not null)
                return refusal;
        }

        return null;
    }

    private Task<Reason?> StatusAsync(VxpReceived item, UnpackedPacket packet, EdxmlStatus status, CancellationToken ct)
    {
        var to = status.ResponseFor.OrganId?.Text ?? item.To;
        if (to is null)
            return Task.FromResult<Reason?>(new Reason("ENVELOPE_INVALID", "Gói trạng thái không ghi nơi nhận.", "The status packet names no recipient."));
        return AcceptAsync(item, new MessageHeader
        {
            Id = FarPackets.MessageId(link.Name, item.DocId, to),
            Kind = MessageKind.Status,
            From = new Party(status.From.OrganId.Text, status.From.Name),
            To = new Party(to),
            EdxmlDocumentId = status.ResponseFor.DocumentId ?? "",
            Envelope = packet.Envelope,
            Created = item.Created ?? time.GetUtcNow(),
        }, ct);
    }

    private async Task<Reason?> AcceptAsync(VxpReceived item, MessageHeader header, CancellationToken ct)
    {
        // Whoever is behind another link, or lives here, does not write to us through the axis.
        if (relay.Directory.Route(header.From.Organ, time.GetUtcNow()) is not RouteAnswer.Via via || via.Link != link.Name)
        {
            return new Reason(
                "NOT_YOUR_ORGAN", $"Gói tin từ trục ghi nơi gửi là {header.From.Organ}, đơn vị không ở phía trục.",
                $"A packet from the axis says that {header.From.Organ} sends it, which is not behind the axis.");
        }

        var peer = new PeerNode(link.Name, link.Config.Organ ?? link.Name, null) { External = true, FarId = item.DocId };
        using var step = RelayTrace.Start("accept", header, ActivityKind.Consumer);
        var start = await relay.Accept.BeginAsync(header, MessageDigest.Of(header), peer, ct);
        var answer = start.Answer ?? await start.Intake!.CompleteAsync([.. header.Attachments.Select(a => a.Payload)], ct);
        return answer switch
        {
            AcceptAnswer.Refused refused => refused.Reason,
            AcceptAnswer.Conflict => new Reason("MESSAGE_ID_REUSED", "Trục đổi nội dung của một gói tin đã nhận.", "The axis changed the content of a packet that was taken before."),
            _ => null,
        };
    }

    private bool IsOurs(string organ) => relay.Directory.Route(organ, time.GetUtcNow()) switch
    {
        RouteAnswer.Local => true,
        RouteAnswer.Via via => via.Link != link.Name,
        _ => false,
    };
}
