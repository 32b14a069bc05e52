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

    public IPayloadSink Begin() => new Sink(storage);

    public Stream Open(PayloadRef payload)
    {
        using var find = storage.Source.CreateCommand("SELECT upload FROM payload_upload WHERE sha256 = $1");
        find.Parameters.Add(new() { Value = payload.Sha256 });
        return PostgresStorage.Translated(find.ExecuteScalar) is string upload
            ? new ChunkStream(storage, upload, payload.Size)
            : throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here.");
    }

    public string? FileOf(PayloadRef payload) => null;

    public async Task<int> CollectAsync(TimeSpan age, CancellationToken ct)
    {
        await using var delete = storage.Source.CreateCommand(
            $"""
            WITH gone AS (
              DELETE FROM payload_upload u WHERE u.begun_at < {Now} - $1
                AND (u.sha256 IS NULL OR NOT EXISTS (SELECT 1 FROM payload p WHERE p.sha256 = u.sha256)) RETURNING u.upload),
            chunks AS (DELETE FROM payload_chunk c USING gone WHERE c.upload = gone.upload)
            SELECT COUNT(*) FROM gone
            """);
        delete.Parameters.Add(new() { Value = (long)age.TotalMilliseconds });
        return (int)(long)(await PostgresStorage.TranslatedAsync(() => delete.ExecuteScalarAsync(ct)))!;
    }

    private sealed class Sink(PostgresStorage storage) : IPayloadSink
    {
        private readonly string upload = Guid.NewGuid().ToString("N");
        private readonly byte[] buffer = new byte[ChunkBytes];
        private int filled;
        private long places;

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

        public async Task CompleteAsync(PayloadRef payload, CancellationToken ct)
        {
            if (filled > 0)
                await FlushAsync(ct);
            // An equal payload that is being completed at the same moment waits for this one, and then takes its place.
            var named = await PostgresStorage.TranslatedAsync(async () =>
            {
                await using var batch = storage.Source.CreateBatch();
                Add(batch, "SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", payload.Sha256);
                Add(batch, "UPDATE payload_upload SET sha256 = NULL WHERE sha256 = $1", payload.Sha256);
                Add(batch, "UPDATE payload_upload SET sha256 = $1, size = $2 WHERE upload = $3", payload.Sha256, payload.Size, upload);
                await batch.ExecuteNonQueryAsync(ct);
                return batch.BatchCommands[2].RecordsAffected;
            });
            if (named == 0)
                throw new RelayException(RelayFault.Busy, "Tệp được gửi lên quá lâu và đã bị dọn: hãy gửi lại.", "The upload took so long that it was cleared away: send it again.");
        }

        public async ValueTask DisposeAsync()
        {
            // What was not completed is collected later: here the connection may be what failed.
        }

        private async Task FlushAsync(CancellationToken ct)
        {
            await PostgresStorage.TranslatedAsync(async () =>
            {
                await using var batch = storage.Unhurried.CreateBatch();
                if (places == 0)
                    Add(batch, $"INSERT INTO payload_upload (upload, size, begun_at) VALUES ($1, 0, {Now})", upload);
                Add(batch, "INSERT INTO payload_chunk (upload, place, bytes) VALUES ($1, $2, $3)", upload, places, buffer.AsMemory(0, filled));
                return await batch.ExecuteNonQueryAsync(ct);
            });
            (places, filled) = (places + 1, 0);
        }

        private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
        }
    }
}
