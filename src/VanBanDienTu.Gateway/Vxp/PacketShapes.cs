using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>Whole packets here, envelope and payloads there.</summary>
internal static class PacketShapes
{
    /// <summary>Puts the attachments of a packet that was taken apart into the store, in the order of its manifest.</summary>
    public static async Task<IReadOnlyList<Attachment>> KeepAsync(this PayloadStore store, UnpackedPacket packet, CancellationToken ct)
    {
        var kept = new List<Attachment>();
        foreach (var reference in packet.Reading.Document!.References)
        {
            var file = packet.Attachments.First(a => a.ContentId == reference.ContentId);
            await using var bytes = PacketSpool.Open(file.Path);
            kept.Add(new Attachment(
                file.Name ?? reference.AttachmentName ?? file.ContentId, await store.SaveAsync(bytes, ct),
                file.ContentType ?? reference.ContentType ?? "", file.Description ?? reference.Description));
        }

        return kept;
    }

    /// <summary>Hops that name an organ; the axis leaves some without.</summary>
    public static IReadOnlyList<Hop> Hops(this UnpackedPacket packet) =>
        [.. packet.Hops.Where(hop => hop is { OrganId: not null, Timestamp: not null }).Select(hop => new Hop(hop.OrganId!.Text, hop.Timestamp!.Value))];

    /// <summary>Writes a whole packet into a file. Packing is synchronous work: it gets a thread of its own.</summary>
    public static Task PackAsync(this PacketParts parts, PayloadStore store, string path, CancellationToken ct) => Task.Run(
        () =>
        {
            using var file = PacketSpool.Create(path);
            if (parts.Kind == MessageKind.Status)
            {
                file.Write(parts.Envelope.Span); // a status has no trace and no attachments
                return;
            }

            var references = EdxmlReader.ReadEnvelope(parts.Envelope).RequireDocument().References;
            EdxmlPacket.Pack(
                parts.Envelope, [.. parts.Hops.Select(hop => new TraceHop(OrganId.TryParse(hop.Organ, out var id) ? id : null, hop.Time))],
                [.. parts.Attachments.Select((a, i) => new PacketAttachment(references[i].ContentId, a.Name, a.Description, () => store.Open(a.Payload)))],
                file);
        }, ct);
}
