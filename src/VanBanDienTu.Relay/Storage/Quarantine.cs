using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Storage;

/// <summary>What could not be read or matched, with its raw bytes: it never blocks what comes after it, and nothing is lost.</summary>
internal static class Quarantine
{
    /// <summary>Keeps a message; the same one again is kept once.</summary>
    public static Task KeepAsync(DatabaseTransaction tx, MessageHeader message, string peer, Reason reason, DateTimeOffset now, CancellationToken ct) =>
        InsertAsync(tx, message.Id.ToString("D"), message.Id, peer, Raw(message), reason, now, ct);

    /// <summary>Keeps bytes that are not a message yet.</summary>
    /// <param name="id">Names them, so that the same again is kept once.</param>
    public static Task KeepRawAsync(
        DatabaseTransaction tx, string id, string peer, byte[] bytes, Reason reason, DateTimeOffset now, CancellationToken ct) =>
        InsertAsync(tx, id, null, peer, bytes, reason, now, ct);

    public static Task<List<QuarantinedMessage>> NewestAsync(DatabaseTransaction tx, int atMost, CancellationToken ct) => tx.QueryAsync(
        "SELECT id, received_at, peer, message_id, reason_vi, reason_en, bytes, key_id FROM quarantine ORDER BY received_at DESC LIMIT @most",
        row => new QuarantinedMessage(
            row.Text(0), row.Time(1), row.Text(2), row.IdOrNull(3), new Reason("QUARANTINED", row.Text(4), row.Text(5)),
            row.IsNull(7) ? row.Bytes(6) : Opened(tx.Keys, row.Text(0), row.Bytes(6))), ct,
        ("most", atMost));

    private static Task InsertAsync(
        DatabaseTransaction tx, string id, Guid? message, string peer, byte[] bytes, Reason reason, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            """
            INSERT INTO quarantine (id, received_at, peer, message_id, reason_vi, reason_en, bytes, key_id)
            VALUES (@id, @now, @peer, @message, @vi, @en, @bytes, @key) ON CONFLICT (id) DO NOTHING
            """, ct,
            ("id", id), ("now", now), ("peer", peer), ("message", message), ("vi", reason.Vi), ("en", reason.En),
            ("bytes", tx.Keys.Writing is { } key ? Sealing.Whole(key, bytes, id) : bytes), ("key", tx.Keys.WritingId));

    private static byte[] Opened(KeyRing keys, string id, byte[] kept)
    {
        var bytes = new byte[SealLayout.ContentOf(kept.Length)];
        using var opened = new SealedStream(keys, new MemoryStream(kept, writable: false), id, bytes.Length);
        opened.ReadExactly(bytes);
        return bytes;
    }

    // The envelope as it came; a failure has none, there its evidence is what came.
    private static byte[] Raw(MessageHeader message) =>
        message.Envelope.Length > 0 ? message.Envelope.ToArray() : message.Evidence.FirstOrDefault()?.Json.ToArray() ?? [];
}
