using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>One packet that left, for one recipient.</summary>
/// <param name="Packet">Of the document, or of the status.</param>
/// <param name="Delivery">Of this recipient's copy.</param>
public sealed record SentPacket(
    Guid Packet, Guid Delivery, MessageKind Kind, string From, string To, string? Subject, string Code, DateTimeOffset Sent, DateTimeOffset Changed,
    DeliveryState State, string? Reason);

/// <summary>What organs sent, newest first: a system that lost an answer looks here before it sends again.</summary>
public sealed class SentPackets
{
    private readonly Ground ground;

    internal SentPackets(Ground ground) => this.ground = ground;

    /// <param name="kind">Document or Status.</param>
    public async Task<IReadOnlyList<SentPacket>> ListAsync(IReadOnlyCollection<string> organs, MessageKind kind, int atMost, CancellationToken ct) =>
        await ground.Database.ReadAsync(
            async tx =>
            {
                var sent = new List<SentPacket>();
                foreach (var organ in organs)
                {
                    sent.AddRange(kind == MessageKind.Status
                        ? await StatusesAsync(tx, organ, atMost, ct)
                        : await DocumentsAsync(tx, organ, atMost, ct));
                }

                return sent.OrderByDescending(s => s.Sent).Take(atMost).ToList();
            }, ct);

    internal static Task<List<SentPacket>> DocumentsAsync(DatabaseTransaction tx, string organ, int atMost, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT o.id, d.id, o.organ, d.organ, o.submission, o.code, o.received_at, d.changed_at, d.state, d.reason_vi
        FROM (SELECT * FROM document n WHERE n.organ = @organ AND EXISTS (SELECT 1 FROM delivery e WHERE e.document_id = n.id)
              ORDER BY n.received_at DESC, n.id DESC LIMIT @most) o
        JOIN delivery d ON d.document_id = o.id ORDER BY o.received_at DESC, o.id DESC, d.place LIMIT @most
        """,
        row => new SentPacket(
            row.Id(0), row.Id(1), MessageKind.Document, row.Text(2), row.Text(3), RowJson.Read<Submission>(row.Text(4)).Document.Subject, row.Text(5),
            row.Time(6), row.Time(7), row.Word<DeliveryState>(8), row.TextOrNull(9)), ct,
        ("organ", organ), ("most", atMost));

    internal static Task<List<SentPacket>> StatusesAsync(DatabaseTransaction tx, string organ, int atMost, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT a.message_id, a.organ, i.from_organ, a.description, i.code, a.answered_at, a.state, a.reason_vi, a.code
        FROM answer a JOIN incoming i ON i.id = a.incoming_id WHERE a.organ = @organ ORDER BY a.answered_at DESC LIMIT @most
        """,
        row => new SentPacket(
            row.Id(0), row.Id(0), MessageKind.Status, row.Text(1), row.Text(2), $"{row.Text(8)} {row.TextOrNull(3)}".TrimEnd(), row.Text(4), row.Time(5),
            row.Time(5), row.Word<DeliveryState>(6), row.TextOrNull(7)), ct,
        ("organ", organ), ("most", atMost));
}
