using Npgsql;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>
/// Payloads as chunks in PostgreSQL, for nodes that share a database and no disk. Chunks are written without waiting for the disk; the
/// one commit that names the digest waits, and with it the log of everything before it is durable.
/// </summary>
internal sealed class ChunkPayloads(PostgresStorage storage) : IPayloadStore
{
    public const int ChunkBytes = 256 << 10;

    private const string Now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";

    public IPayloadSink Begin() => new Sink(storage, null, 0);

    public async Task<long> HeldAsync(UploadKey upload, CancellationToken ct) => upload.Resumable((await FindAsync(upload, ct)).Chunks * ChunkBytes);

    public async Task<IPayloadSink> ResumeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct)
    {
        var (known, chunks) = await FindAsync(upload, ct);
        if (from == 0)
            return new Sink(storage, await BeginAsync(upload, ct), 0);
        if (known is null || from > upload.Resumable(chunks * ChunkBytes))
            throw upload.OffsetUnknown(from);
        var begun = Array.Empty<byte>(); // of the chunk that the place lies in
        for (var at = 0L; at < from; at += ChunkBytes)
        {
            await using var read = Command(storage, "SELECT bytes FROM payload_chunk WHERE upload = $1 AND place = $2", known, at / ChunkBytes);
            if (await PostgresStorage.TranslatedAsync(() => read.ExecuteScalarAsync(ct)) is not byte[] { Length: ChunkBytes } bytes)
                throw upload.OffsetUnknown(from);
            begun = from - at < ChunkBytes ? bytes[..(int)(from - at)] : [];
            kept(begun.Length > 0 ? begun : bytes);
        }

        // What another connection wrote behind this place is written again; where it still writes, one of the two finds its place taken.
        await using var cut = Command(storage, "DELETE FROM payload_chunk WHERE upload = $1 AND place >= $2", known, from / ChunkBytes);
        await PostgresStorage.TranslatedAsync(() => cut.ExecuteNonQueryAsync(ct));
        var sink = new Sink(storage, known, from / ChunkBytes);
        await sink.WriteAsync(begun, ct);
        return sink;
    }

    public Stream Open(PayloadRef payload)
    {
        using var find = storage.Source.CreateCommand("SELECT upload FROM payload_upload WHERE sha256 = $1");
        find.Parameters.Add(new() { Value = payload.StoredName });
        return PostgresStorage.Translated(find.ExecuteScalar) is string upload
            ? new ChunkStream(storage, upload, payload.StoredSize)
            : throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here.");
    }

    public string? FileOf(PayloadRef payload) => null;

    public async Task<int> CollectAsync(TimeSpan age, CancellationToken ct)
    {
        await using var delete = storage.Source.CreateCommand(
            $"""
            WITH gone AS (
              DELETE FROM payload_upload u WHERE u.begun_at < {Now} - $1
                AND (u.sha256 IS NULL OR NOT EXISTS (
                  SELECT 1 FROM payload p WHERE p.sha256 = substr(u.sha256, 1, 64) AND COALESCE('.' || p.key_id, '') = substr(u.sha256, 65))) RETURNING u.upload),
            chunks AS (DELETE FROM payload_chunk c USING gone WHERE c.upload = gone.upload)
            SELECT COUNT(*) FROM gone
            """);
        delete.Parameters.Add(new() { Value = (long)age.TotalMilliseconds });
        return (int)(long)(await PostgresStorage.TranslatedAsync(() => delete.ExecuteScalarAsync(ct)))!;
    }

    /// <summary>The upload of a key, and how many chunks of it are there, without a gap from the first on.</summary>
    private async Task<(string? Upload, long Chunks)> FindAsync(UploadKey upload, CancellationToken ct)
    {
        await using var find = Command(
            storage, "SELECT u.upload, (SELECT COUNT(*) FROM payload_chunk c WHERE c.upload = u.upload) FROM payload_upload u WHERE u.upload_key = $1", upload.Name);
        return await PostgresStorage.TranslatedAsync(async () =>
        {
            await using var rows = await find.ExecuteReaderAsync(ct);
            return await rows.ReadAsync(ct) ? (rows.GetString(0), rows.GetInt64(1)) : ((string?)null, 0L);
        });
    }

    /// <summary>A new upload under a key; one that was under it, and the owner's oldest beyond its number, are left to be collected.</summary>
    private async Task<string> BeginAsync(UploadKey upload, CancellationToken ct)
    {
        var id = Guid.NewGuid().ToString("N");
        await PostgresStorage.TranslatedAsync(async () =>
        {
            await using var batch = storage.Source.CreateBatch();
            Add(batch, "SELECT pg_advisory_xact_lock(hashtextextended($1, 4))", upload.OwnerName);
            Add(batch, "UPDATE payload_upload SET upload_key = NULL WHERE upload_key = $1", upload.Name);
            Add(
                batch,
                """
                UPDATE payload_upload SET upload_key = NULL WHERE upload IN (
                  SELECT upload FROM payload_upload WHERE upload_key LIKE $1 ORDER BY begun_at DESC OFFSET $2)
                """, upload.OwnerName + "-%", UploadKey.MostOfOwner - 1L);
            Add(batch, $"INSERT INTO payload_upload (upload, size, begun_at, upload_key) VALUES ($1, 0, {Now}, $2)", id, upload.Name);
            return await batch.ExecuteNonQueryAsync(ct);
        });
        return id;
    }

    private static NpgsqlCommand Command(PostgresStorage storage, string sql, params ReadOnlySpan<object> values)
    {
        var command = storage.Source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }

    /// <param name="known">The upload to go on with, which has its row; null = a new one.</param>
    /// <param name="first">The chunk to go on with.</param>
    private sealed class Sink(PostgresStorage storage, string? known, long first) : IPayloadSink
    {
        /// <summary>How often an upload says that it is still going on, in chunks.</summary>
        private const long Touch = 256;

        private readonly string upload = known ?? Guid.NewGuid().ToString("N");
        private readonly byte[] buffer = new byte[ChunkBytes];
        private int filled;
        private long places = first;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
        {
            while (bytes.Length > 0)
            {
                var count = Math.Min(bytes.Length, ChunkBytes - filled);
                bytes[..count].CopyTo(buffer.AsMemory(filled));
                (filled, bytes) = (filled + count, bytes[count..]);
                if (filled == ChunkBytes)
                    await FlushAsync(ct);
            }
        }

        public async Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct)
        {
            if (filled > 0)
                await FlushAsync(ct);
            // An equal payload that is being completed at the same moment waits for this one, and then takes its place.
            var named = await PostgresStorage.TranslatedAsync(async () =>
            {
                await using var batch = storage.Source.CreateBatch();
                Add(batch, "SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", payload.StoredName);
                Add(batch, "UPDATE payload_upload SET sha256 = NULL WHERE sha256 = $1", payload.StoredName);
                Add(batch, "UPDATE payload_upload SET sha256 = $1, size = $2, upload_key = NULL WHERE upload = $3", payload.StoredName, payload.Size, upload);
                await batch.ExecuteNonQueryAsync(ct);
                return batch.BatchCommands[2].RecordsAffected;
            });
            if (named == 0)
                throw new RelayException(RelayFault.Busy, "Tệp được gửi lên quá lâu và đã bị dọn: hãy gửi lại.", "The upload took so long that it was cleared away: send it again.");
            return payload;
        }

        public async Task ForgetAsync()
        {
            await using var forget = Command(storage, "UPDATE payload_upload SET upload_key = NULL WHERE upload = $1", upload);
            await PostgresStorage.TranslatedAsync(() => forget.ExecuteNonQueryAsync());
        }

        public async ValueTask DisposeAsync()
        {
            // What was not completed is collected later: here the connection may be what failed.
        }

        private async Task FlushAsync(CancellationToken ct)
        {
            try
            {
                await PostgresStorage.TranslatedAsync(async () =>
                {
                    await using var batch = storage.Unhurried.CreateBatch();
                    if (places == 0 && known is null)
                        Add(batch, $"INSERT INTO payload_upload (upload, size, begun_at) VALUES ($1, 0, {Now})", upload);
                    else if (places % Touch == 0)
                        Add(batch, $"UPDATE payload_upload SET begun_at = {Now} WHERE upload = $1", upload);
                    Add(batch, "INSERT INTO payload_chunk (upload, place, bytes) VALUES ($1, $2, $3)", upload, places, buffer.AsMemory(0, filled));
                    return await batch.ExecuteNonQueryAsync(ct);
                });
            }
            catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                throw UploadKey.Lost();
            }

            (places, filled) = (places + 1, 0);
        }
    }
}
