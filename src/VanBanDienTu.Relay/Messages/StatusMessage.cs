using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Messages;

/// <summary>A status packet of a unit of this node, on its way to the other party of a document.</summary>
/// <param name="Link">The way there; null with <paramref name="NoRoute"/> saying why there is none.</param>
internal sealed record StatusMessage(MessageHeader Header, string Digest, string? Link, Reason? NoRoute)
{
    /// <summary>Writes the packet; nothing is stored yet.</summary>
    /// <param name="about">The document's edXML id and number, and the delivery.</param>
    /// <param name="responseFor">The unit that the packet names as the document's: the sender, but for 13 the receiver.</param>
    /// <param name="packet">A packet that the unit wrote itself and that is sent as it is.</param>
    public static StatusMessage Write(
        Ground ground, Party from, Party to, (Guid Delivery, string EdxmlId, string Code, DateOnly? Promulgated) about, string responseFor,
        EdxmlStatusCode code, string? description, (string? Department, string? Staff) who, IReadOnlyList<SignedEvidence> evidence,
        ReadOnlyMemory<byte>? packet = null)
    {
        var now = ground.Now;
        var envelope = packet ?? EdxmlWriter.WriteStatus(new EdxmlStatus
        {
            From = new EdxmlOrgan { OrganId = OrganId.Parse(from.Organ), Name = from.Name },
            ResponseFor = new ResponseFor(OrganId.Parse(responseFor), about.Code, about.EdxmlId, about.Promulgated),
            StatusCode = code,
            Description = description ?? code.Vi(),
            Timestamp = now,
            Staff = new StaffInfo { Department = who.Department ?? from.Name, Staff = who.Staff },
        });
        var header = new MessageHeader
        {
            Id = Guid.CreateVersion7(now),
            Kind = MessageKind.Status,
            From = from,
            To = to,
            EdxmlDocumentId = about.EdxmlId,
            Envelope = envelope,
            Hops = [new Hop(ground.Options.Organ, now)],
            Created = now,
            Concerns = about.Delivery,
            Evidence = evidence,
        };
        var (link, why) = ground.LinkTo(to.Organ);
        return new StatusMessage(header, MessageDigest.Of(header), link, why);
    }

    /// <summary>Stores and queues the packet; one without a route is stored only.</summary>
    public async Task QueueAsync(DatabaseTransaction tx, DateTimeOffset now)
    {
        await MessageTable.InsertAsync(tx, Header, Digest, own: true, default);
        if (Link is not null)
            await OutboxTable.QueueAsync(tx, Header.Id, Link, Header.Urgency, now, Header.Concerns, default);
    }
}
