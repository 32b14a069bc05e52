using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Links;

/// <summary>What became of a packet that a far side holds for us.</summary>
public enum FarState
{
    /// <summary>Being taken; the process may have died in it.</summary>
    Taking,

    /// <summary>Its messages are durable here, or were before: a duplicate is done too.</summary>
    Done,

    /// <summary>It can never be taken; its raw bytes are in quarantine.</summary>
    Failed,
}

internal static class FarPacketTable
{
    private const string Out = "Out";
    private const string In = "In";

    /// <summary>A packet of ours has this id over there.</summary>
    public static Task SentAsync(DatabaseTransaction tx, string link, string farId, Guid message, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO far_packet (link, direction, far_id, message_id, state, attempts, changed_at)
        VALUES (@link, @direction, @far, @message, 'Done', 1, @now) ON CONFLICT (link, direction, far_id) DO NOTHING
        """, ct,
        ("link", link), ("direction", Out), ("far", farId), ("message", message), ("now", now));

    /// <summary>Whether a packet that left belongs to another message of ours.</summary>
    public static async Task<bool> IsOthersAsync(DatabaseTransaction tx, string link, string farId, Guid message, CancellationToken ct) =>
        await tx.NumberAsync(
            "SELECT COUNT(*) FROM far_packet WHERE link = @link AND direction = @direction AND far_id = @far AND message_id <> @message", ct,
            ("link", link), ("direction", Out), ("far", farId), ("message", message)) > 0;

    public static async Task<(FarState State, int Attempts)?> FindAsync(DatabaseTransaction tx, string link, string farId, CancellationToken ct) =>
        await tx.QueryAsync(
            "SELECT state, attempts FROM far_packet WHERE link = @link AND direction = @direction AND far_id = @far",
            row => (row.Word<FarState>(0), row.Int(1)), ct, ("link", link), ("direction", In), ("far", farId)) is [var found] ? found : null;

    /// <summary>Counts an attempt before it is made: one that kills the process counts too.</summary>
    public static Task TakeAsync(DatabaseTransaction tx, string link, string farId, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO far_packet (link, direction, far_id, state, attempts, changed_at) VALUES (@link, @direction, @far, 'Taking', 1, @now)
        ON CONFLICT (link, direction, far_id) DO UPDATE SET attempts = far_packet.attempts + 1, changed_at = @now
        """, ct,
        ("link", link), ("direction", In), ("far", farId), ("now", now));

    /// <summary>What is done stays done.</summary>
    public static Task SettleAsync(DatabaseTransaction tx, string link, string farId, FarState state, string? error, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            UPDATE far_packet SET state = @state, error = @error, changed_at = @now
            WHERE link = @link AND direction = @direction AND far_id = @far AND state <> 'Done'
            """, ct,
            ("state", state), ("error", error), ("now", now), ("link", link), ("direction", In), ("far", farId));
}
