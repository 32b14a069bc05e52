using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Messages;

/// <summary>Messages that leave this node, written once.</summary>
internal static class MessageTable
{
    public const string Columns =
        "m.id, m.kind, m.from_organ, m.from_name, m.to_organ, m.to_name, m.edxml_id, m.envelope, m.attachments, m.hops, m.evidence, m.concerns, m.digest, m.urgency, m.created_at, m.own";

    /// <summary>Keeps a message and names its payloads. The same id again changes nothing.</summary>
    /// <param name="own">It began here; not in transit.</param>
    public static async Task InsertAsync(DatabaseTransaction tx, MessageHeader message, string digest, bool own, CancellationToken ct)
    {
        foreach (var attachment in message.Attachments)
            await PayloadStore.KeepAsync(tx, attachment.Payload, ct);
        await tx.ExecuteAsync(
            """
            INSERT INTO message (id, kind, own, from_organ, from_name, to_organ, to_name, edxml_id, envelope, attachments, hops, evidence, concerns, digest, urgency, created_at, given_up)
            VALUES (@id, @kind, @own, @from, @fromName, @to, @toName, @edxml, @envelope, @attachments, @hops, @evidence, @concerns, @digest, @urgency, @created, 0)
            ON CONFLICT (id) DO NOTHING
            """, ct,
            ("id", message.Id), ("kind", message.Kind), ("own", own), ("from", message.From.Organ), ("fromName", message.From.Name),
            ("to", message.To.Organ), ("toName", message.To.Name), ("edxml", message.EdxmlDocumentId), ("envelope", message.Envelope),
            ("attachments", RowJson.Write(message.Attachments)), ("hops", RowJson.Write(message.Hops)), ("evidence", RowJson.Write(message.Evidence)),
            ("concerns", message.Concerns), ("digest", digest), ("urgency", (int)message.Urgency), ("created", message.Created));
    }

    public static async Task<StoredMessage?> FindAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await tx.FirstAsync($"SELECT {Columns} FROM message m WHERE m.id = @id", Read, ct, ("id", id));

    /// <summary>A message in transit that could not be handed on: when its sender sends it once more, it is tried once more.</summary>
    public static Task GiveUpAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        tx.ExecuteAsync("UPDATE message SET given_up = 1 WHERE id = @id", ct, ("id", id));

    /// <summary>False when the message was not given up; the first to ask wins.</summary>
    public static async Task<bool> TakeUpAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await tx.ExecuteAsync("UPDATE message SET given_up = 0 WHERE id = @id AND given_up = 1", ct, ("id", id)) == 1;

    public static async Task<bool> IsGivenUpAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await tx.NumberAsync("SELECT given_up FROM message WHERE id = @id", ct, ("id", id)) == 1;

    public static StoredMessage Read(Row row) => new(
        new MessageHeader
        {
            Id = row.Id(0),
            Kind = row.Word<MessageKind>(1),
            From = new Party(row.Text(2), row.TextOrNull(3)),
            To = new Party(row.Text(4), row.TextOrNull(5)),
            EdxmlDocumentId = row.Text(6),
            Envelope = row.Bytes(7),
            Attachments = RowJson.Read<List<Attachment>>(row.Text(8)),
            Hops = RowJson.Read<List<Hop>>(row.Text(9)),
            Evidence = RowJson.Read<List<SignedEvidence>>(row.Text(10)),
            Concerns = row.IdOrNull(11),
            Urgency = (Urgency)row.Int(13),
            Created = row.Time(14),
        },
        row.Text(12),
        row.Truth(15));
}

/// <summary>A message as it is kept.</summary>
/// <param name="Own">It began at this node.</param>
internal sealed record StoredMessage(MessageHeader Header, string Digest, bool Own);
