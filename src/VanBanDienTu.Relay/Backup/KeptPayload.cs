using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Backup;

/// <summary>A payload that a row names, and the part of a file where an embedded node has it.</summary>
/// <param name="File">Relative to the data folder; empty when the bytes are in the row.</param>
internal sealed record KeptPayload(PayloadRef Payload, string File, long From, long Length)
{
    private const string Columns = "sha256, size, segment, place, key_id";

    /// <summary>Those that are not in their row.</summary>
    public static async Task<List<KeptPayload>> OutsideAsync(DatabaseTransaction tx, CancellationToken ct) =>
        await tx.QueryAsync($"SELECT {Columns} FROM payload WHERE bytes IS NULL AND sealed IS NULL", Read, ct);

    /// <summary>All, page by page in the order of their digests.</summary>
    public static async Task<List<(KeptPayload Kept, byte[]? Row)>> AfterAsync(DatabaseTransaction tx, string sha256, int atMost, CancellationToken ct) =>
        await tx.QueryAsync(
            $"SELECT {Columns}, COALESCE(sealed, bytes) FROM payload WHERE sha256 > @after ORDER BY sha256 LIMIT @most",
            row => (Read(row), row.IsNull(5) ? null : row.Bytes(5)), ct, ("after", sha256), ("most", atMost));

    /// <summary>The content, from its begin.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="RelayException"><see cref="RelayFault.PayloadDamaged"/>, <see cref="RelayFault.StorageKeyMissing"/>.</exception>
    public Stream Open(string folder, byte[]? row, KeyRing keys)
    {
        Stream kept = row is not null
            ? new MemoryStream(row, writable: false)
            : Segments.OpenPart(Path.Combine(folder, File), From, Length);
        return Payload.KeyId is null ? kept : new SealedStream(keys, kept, Payload.Sha256, Payload.Size);
    }

    private static KeptPayload Read(Row row)
    {
        var payload = new PayloadRef(row.Text(0), row.Number(1)) { KeyId = row.TextOrNull(4) };
        return row.IsNull(2)
            ? new KeptPayload(payload, FilePayloads.PathIn(FilePayloads.Folder, payload), 0, payload.StoredSize)
            : new KeptPayload(payload, Segments.PathIn(Segments.Folder, row.Number(2)), row.Number(3), payload.StoredSize);
    }
}
