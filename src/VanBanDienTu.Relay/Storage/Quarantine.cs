using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Storage;

/// <summary>What could not be read or matched, with its raw bytes: it never blocks what comes after it, and nothing is lost.</summary>
internal static class Quarantine
{
    /// <summary>Keeps a message; the same one again is kept once.</summary>
    public static Task KeepAsync(DatabaseTransaction tx, MessageHeader message, string peer, Reason reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            INSERT INTO quarantine (id, received_at, peer, message_id, reason_vi, reason_en, bytes)
            VALUES (@id, @now, @peer, @id, @vi, @en, @bytes) ON CONFLICT (id) DO NOTHING
            """, ct,
            ("id", message.Id), ("now", now), ("peer", peer), ("vi", reason.Vi), ("en", reason.En), ("bytes", Raw(message)));

    /// <summary>Keeps bytes that are not a message yet.</summary>
    /// <param name="id">Names them, so that the same again is kept once.</param>
    public static Task KeepRawAsync(
        DatabaseTransaction tx, string id, string peer, byte[] bytes, Reason reason, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO quarantine (id, received_at, peer, reason_vi, reason_en, bytes)
        VALUES (@id, @now, @peer, @vi, @en, @bytes) ON CONFLICT (id) DO NOTHING
        """, ct,
        ("id", id), ("now", now), ("peer", peer), ("vi", reason.Vi), ("en", reason.En), ("bytes", bytes));

    public static Task<List<QuarantinedMessage>> NewestAsync(DatabaseTransaction tx, int atMost, CancellationToken ct) => tx.QueryAsync(
        "SELECT id, received_at, peer, message_id, reason_vi, reason_en, bytes FROM quarantine ORDER BY received_at DESC LIMIT @most",
        row => new QuarantinedMessage(
            row.Text(0), row.Time(1), row.Text(2), row.IdOrNull(3), new Reason("QUARANTINED", row.Text(4), row.Text(5)), row.Bytes(6)), ct,
        ("most", atMost));

    // The envelope as it came; a failure has none, there its evidence is what came.
    private static byte[] Raw(MessageHeader message) =>
        message.Envelope.Length > 0 ? message.Envelope.ToArray() : message.Evidence.FirstOrDefault()?.Json.ToArray() ?? [];
}
