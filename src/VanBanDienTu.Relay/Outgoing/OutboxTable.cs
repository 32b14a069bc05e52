using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>A message claimed for one attempt.</summary>
/// <param name="Epoch">Counts claims: who completes with an older one has lost its lease.</param>
/// <param name="Attempt">This attempt's number, from 1.</param>
internal sealed record ClaimedMessage(StoredMessage Message, long Epoch, int Attempt, DateTimeOffset Queued);

/// <summary>What is still to be sent.</summary>
internal static class OutboxTable
{
    /// <summary>Every urgency by name, so that the index goes to what is due without looking at all that waits.</summary>
    private const string AnyUrgency = "urgency IN (0, 1, 2, 3)";

    private const string Later = $"destination = @destination AND {AnyUrgency} AND due_at > @never";

    /// <summary>Queues a message that is stored already.</summary>
    /// <param name="after">It waits as long as this message is still queued: a recall must not overtake its document.</param>
    /// <param name="sender">The organ of this node whose document it is; null for all else.</param>
    public static Task QueueAsync(
        DatabaseTransaction tx, Guid message, string destination, Urgency urgency, DateTimeOffset now, Guid? after, CancellationToken ct, string? sender = null) =>
        tx.ExecuteAsync(
            """
            INSERT INTO outbox (message_id, destination, urgency, due_at, leased, lease_epoch, attempts, queued_at, after_id, sender)
            VALUES (@id, @destination, @urgency, @now, 0, 0, 0, @now, @after, @sender) ON CONFLICT (message_id) DO NOTHING
            """, ct,
            ("id", message), ("destination", destination), ("urgency", (int)urgency), ("now", now), ("after", after), ("sender", sender));

    /// <summary>Whether anything may be claimed for a destination now; only reads.</summary>
    public static async Task<bool> AnyDueAsync(DatabaseTransaction tx, string destination, DateTimeOffset now, CancellationToken ct) =>
        await tx.NumberAsync(
            $"""
            SELECT COUNT(*) FROM (SELECT 1 FROM outbox o WHERE o.destination = @destination AND o.{AnyUrgency} AND o.due_at <= @now
              AND (o.after_id IS NULL OR NOT EXISTS (SELECT 1 FROM outbox p WHERE p.message_id = o.after_id)) LIMIT 1) due
            """, ct,
            ("destination", destination), ("now", now)) > 0;

    /// <summary>Claims due messages of one destination, urgent ones first: each is this caller's until <paramref name="until"/>.</summary>
    public static async Task<List<ClaimedMessage>> ClaimAsync(
        DatabaseTransaction tx, string destination, int atMost, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        var claimed = new List<ClaimedMessage>();
        for (var urgency = (int)Urgency.Flash; urgency >= 0 && claimed.Count < atMost; urgency--)
        {
            var due = await tx.QueryAsync(
                $"""
                SELECT {MessageTable.Columns}, o.lease_epoch, o.attempts, o.queued_at FROM outbox o JOIN message m ON m.id = o.message_id
                WHERE o.destination = @destination AND o.urgency = @urgency AND o.due_at <= @now
                  AND (o.after_id IS NULL OR NOT EXISTS (SELECT 1 FROM outbox p WHERE p.message_id = o.after_id))
                ORDER BY o.due_at LIMIT @most{tx.Claimed("o")}
                """,
                row => new ClaimedMessage(MessageTable.Read(row), row.Number(16) + 1, row.Int(17) + 1, row.Time(18)), ct,
                ("destination", destination), ("urgency", urgency), ("now", now), ("most", atMost - claimed.Count));
            foreach (var message in due)
            {
                await tx.ExecuteAsync(
                    "UPDATE outbox SET leased = 1, holder = @holder, lease_epoch = @epoch, due_at = @until, attempts = attempts + 1 WHERE message_id = @id", ct,
                    ("holder", tx.Node), ("epoch", message.Epoch), ("until", until), ("id", message.Message.Header.Id));
            }

            claimed.AddRange(due);
        }

        return claimed;
    }

    /// <summary>Whether a message waits for a time later than <paramref name="never"/>; only reads.</summary>
    public static async Task<bool> AnyLaterAsync(DatabaseTransaction tx, string destination, DateTimeOffset never, CancellationToken ct) =>
        await tx.NumberAsync(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE {Later} LIMIT 1) later", ct, ("destination", destination), ("never", never)) > 0;

    /// <summary>What waits for a time later than <paramref name="never"/> is due now.</summary>
    public static Task<int> BringBackAsync(DatabaseTransaction tx, string destination, DateTimeOffset never, DateTimeOffset now) => tx.ExecuteAsync(
        $"UPDATE outbox SET due_at = @now, leased = 0 WHERE {Later}", default, ("destination", destination), ("never", never), ("now", now));

    /// <summary>Extends a lease that is still held.</summary>
    public static Task RenewAsync(DatabaseTransaction tx, Guid message, long epoch, DateTimeOffset until, CancellationToken ct) =>
        tx.ExecuteAsync(
            "UPDATE outbox SET due_at = @until WHERE message_id = @id AND lease_epoch = @epoch AND leased = 1", ct,
            ("until", until), ("id", message), ("epoch", epoch));

    /// <summary>Ends the lease and sets the next attempt; false when the lease was lost.</summary>
    public static async Task<bool> RetryAsync(
        DatabaseTransaction tx, Guid message, long epoch, DateTimeOffset due, string error, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "UPDATE outbox SET leased = 0, due_at = @due, last_error = @error WHERE message_id = @id AND lease_epoch = @epoch", ct,
            ("due", due), ("error", error), ("id", message), ("epoch", epoch)) == 1;

    /// <summary>Ends leases that were never used; the messages are due as if nobody had claimed them.</summary>
    public static async Task<int> GiveBackAsync(DatabaseTransaction tx, IEnumerable<ClaimedMessage> unused, DateTimeOffset now, CancellationToken ct)
    {
        var given = 0;
        foreach (var claimed in unused)
        {
            given += await tx.ExecuteAsync(
                "UPDATE outbox SET leased = 0, due_at = @now, attempts = attempts - 1 WHERE message_id = @id AND lease_epoch = @epoch", ct,
                ("now", now), ("id", claimed.Message.Header.Id), ("epoch", claimed.Epoch));
        }

        return given;
    }

    /// <summary>Done for good, whoever holds the lease: the far side has the message.</summary>
    public static Task RemoveAsync(DatabaseTransaction tx, Guid message, CancellationToken ct) =>
        tx.ExecuteAsync("DELETE FROM outbox WHERE message_id = @id", ct, ("id", message));

    /// <summary>Done for good, but only by the holder of the lease; false when it was lost.</summary>
    public static async Task<bool> RemoveAsync(DatabaseTransaction tx, Guid message, long epoch, CancellationToken ct) =>
        await tx.ExecuteAsync("DELETE FROM outbox WHERE message_id = @id AND lease_epoch = @epoch", ct, ("id", message), ("epoch", epoch)) == 1;

    /// <summary>Sets the next attempt to now, unless one is being made.</summary>
    /// <returns>Where it goes; null when it does not wait here.</returns>
    public static async Task<string?> DueNowAsync(DatabaseTransaction tx, Guid message, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(
            "UPDATE outbox SET due_at = @now WHERE message_id = @id AND leased = 0 AND due_at > @now", ct, ("now", now), ("id", message));
        return await tx.FirstAsync("SELECT destination FROM outbox WHERE message_id = @id", row => row.Text(0), ct, ("id", message));
    }

    /// <summary>Takes a message out that never left: no attempt was made. False when one was, or is being made.</summary>
    public static async Task<bool> CancelAsync(DatabaseTransaction tx, Guid message, CancellationToken ct) =>
        await tx.ExecuteAsync("DELETE FROM outbox WHERE message_id = @id AND attempts = 0", ct, ("id", message)) == 1;

    /// <summary>The holder's process is gone: what it had claimed is due at once.</summary>
    public static Task<int> ReleaseAsync(DatabaseTransaction tx, string holder, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE outbox SET leased = 0, due_at = @now WHERE leased = 1 AND COALESCE(holder, @holder) = @holder", ct, ("now", now), ("holder", holder));
}
