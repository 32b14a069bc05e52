using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Keeps the bytes of documents by their digest: small ones in the database row, others where <see cref="IPayloadStore"/> says.</summary>
public sealed class PayloadStore
{
    /// <summary>Payloads up to this size live in the database: one sync serves them together with their row.</summary>
    public const int InlineBytes = 64 * 1024;

    private readonly IPayloadStore large;
    private readonly Database database;
    private readonly DiskReserve reserve;

    internal PayloadStore(IPayloadStore large, Database database, DiskReserve reserve) => (this.large, this.database, this.reserve) = (large, database, reserve);

    /// <summary>Begins one payload. Disposing it before <see cref="PayloadWriter.CompleteAsync"/> leaves nothing.</summary>
    public PayloadWriter Begin() => new(this);

    /// <summary>The bytes, from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    public Stream Open(PayloadRef payload)
    {
        if (payload.Inline is { } inline)
            return new MemoryStream(inline.ToArray(), writable: false);
        if (payload.Size > InlineBytes)
            return large.Open(payload);
        var bytes = database.ReadAsync(tx => tx.QueryAsync(
            "SELECT bytes FROM payload WHERE sha256 = @sha256 AND bytes IS NOT NULL", row => row.Bytes(0), default, ("sha256", payload.Sha256)));
        return bytes.GetAwaiter().GetResult() is [var found]
            ? new MemoryStream(found, writable: false)
            : throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here.");
    }

    /// <summary>Keeps the whole of a stream.</summary>
    public async Task<PayloadRef> SaveAsync(Stream source, CancellationToken ct)
    {
        await using var writer = Begin();
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, ct)) > 0)
            await writer.WriteAsync(buffer.AsMemory(0, read), ct);
        return await writer.CompleteAsync(null, ct);
    }

    /// <summary>Whether a row names this payload already.</summary>
    internal async Task<bool> HasAsync(string sha256, CancellationToken ct) =>
        await database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @sha256", ct, ("sha256", sha256)), ct) > 0;

    /// <summary>A file with the payload's bytes for programs that read by path; one that is in no file is written to <paramref name="scratch"/> first.</summary>
    internal async Task<string> PathAsync(PayloadRef payload, string scratch, CancellationToken ct)
    {
        if (payload.Size > InlineBytes && large.FileOf(payload) is { } file)
            return file;
        await using var from = Open(payload);
        await using var to = new FileStream(scratch, FileMode.Create, FileAccess.Write);
        await from.CopyToAsync(to, ct);
        return scratch;
    }

    /// <summary>Records in the caller's transaction that a row names this payload; small bytes go into the database here.</summary>
    internal static Task KeepAsync(DatabaseTransaction tx, PayloadRef payload, CancellationToken ct) => tx.ExecuteAsync(
        "INSERT INTO payload (sha256, size, bytes) VALUES (@sha256, @size, @bytes) ON CONFLICT (sha256) DO NOTHING", ct,
        ("sha256", payload.Sha256), ("size", payload.Size), ("bytes", payload.Inline is { } inline ? inline.ToArray() : null));

    /// <summary>Deletes what no row names and is older than <paramref name="age"/>: what a crash left between payload and commit.</summary>
    /// <returns>The number of payloads deleted.</returns>
    internal Task<int> CollectAsync(TimeSpan age, CancellationToken ct) => large.CollectAsync(age, ct);

    internal IPayloadSink BeginLarge()
    {
        reserve.DemandRoom();
        return large.Begin();
    }
}
