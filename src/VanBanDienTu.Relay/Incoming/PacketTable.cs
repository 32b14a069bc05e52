using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What a unit's system did with a packet that waits for it (transport acknowledgement; not the business status).</summary>
public enum PacketState
{
    Initial,

    /// <summary>Taken, not yet kept: stays in the list, so that a system that dies meanwhile finds it again.</summary>
    Processing,
    Done,

    /// <summary>The unit's system cannot take it.</summary>
    Fail,
}

/// <summary>One packet of a unit's list.</summary>
/// <param name="Id">The message id.</param>
public sealed record WaitingPacket(
    Guid Id, MessageKind Kind, string From, string Organ, DateTimeOffset Received, PacketState State);

/// <summary>Documents as packets: the column <c>acknowledgement</c> of what arrived.</summary>
internal static class PacketTable
{
    private const string Waits = "confirmed_at = 0 AND acknowledgement IN ('Initial', 'Processing')";

    /// <summary>Oldest first.</summary>
    public static Task<List<WaitingPacket>> WaitingAsync(DatabaseTransaction tx, string organ, int atMost, CancellationToken ct) => tx.QueryAsync(
        $"SELECT id, from_organ, organ, received_at, acknowledgement FROM incoming WHERE organ = @organ AND {Waits} ORDER BY received_at, id LIMIT @most",
        row => new WaitingPacket(row.Id(0), MessageKind.Document, row.Text(1), row.Text(2), row.Time(3), row.Word<PacketState>(4)), ct,
        ("organ", organ), ("most", atMost));

    public static Task<long> CountAsync(DatabaseTransaction tx, string organ, CancellationToken ct) =>
        tx.NumberAsync($"SELECT COUNT(*) FROM incoming WHERE organ = @organ AND {Waits}", ct, ("organ", organ));

    /// <summary>False when the document is confirmed, or is so already.</summary>
    public static async Task<bool> AcknowledgeAsync(DatabaseTransaction tx, Guid id, PacketState state, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "UPDATE incoming SET acknowledgement = @state WHERE id = @id AND confirmed_at = 0 AND acknowledgement <> @state", ct,
            ("state", state), ("id", id)) == 1;

    public static async Task<bool> HasFailedAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await tx.NumberAsync("SELECT COUNT(*) FROM incoming WHERE id = @id AND acknowledgement = 'Fail'", ct, ("id", id)) > 0;
}

/// <summary>Status packets for units that take whole packets.</summary>
internal static class StatusPacketTable
{
    /// <param name="organ">Who takes it; may have succeeded whom it is addressed to.</param>
    public static Task InsertAsync(DatabaseTransaction tx, string organ, MessageHeader message, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO status_packet (id, organ, from_organ, envelope, received_at, changed_at, acknowledgement)
        VALUES (@id, @organ, @from, @envelope, @now, @now, 'Initial') ON CONFLICT (id) DO NOTHING
        """, ct,
        ("id", message.Id), ("organ", organ), ("from", message.From.Organ), ("envelope", message.Envelope), ("now", now));

    /// <summary>Oldest first.</summary>
    public static Task<List<WaitingPacket>> WaitingAsync(DatabaseTransaction tx, string organ, int atMost, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT id, from_organ, organ, received_at, acknowledgement FROM status_packet
        WHERE organ = @organ AND acknowledgement IN ('Initial', 'Processing') ORDER BY received_at, id LIMIT @most
        """,
        row => new WaitingPacket(row.Id(0), MessageKind.Status, row.Text(1), row.Text(2), row.Time(3), row.Word<PacketState>(4)), ct,
        ("organ", organ), ("most", atMost));

    public static Task<long> CountAsync(DatabaseTransaction tx, string organ, CancellationToken ct) => tx.NumberAsync(
        "SELECT COUNT(*) FROM status_packet WHERE organ = @organ AND acknowledgement IN ('Initial', 'Processing')", ct, ("organ", organ));

    public static async Task<(string Organ, byte[] Envelope)?> FindAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT organ, envelope FROM status_packet WHERE id = @id", row => (row.Text(0), row.Bytes(1)), ct, ("id", id)) is [var found] ? found : null;

    /// <summary>What is done stays done.</summary>
    public static Task AcknowledgeAsync(DatabaseTransaction tx, Guid id, PacketState state, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE status_packet SET acknowledgement = @state, changed_at = @now WHERE id = @id AND acknowledgement <> 'Done'", ct,
        ("state", state), ("now", now), ("id", id));
}
