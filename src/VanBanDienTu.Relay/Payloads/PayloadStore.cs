using System.Buffers;
using System.Runtime.InteropServices;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Keeps the bytes of documents by their digest: small ones in the database row, others where <see cref="IPayloadStore"/> says.</summary>
public sealed class PayloadStore : IAsyncDisposable
{
    /// <summary>Payloads up to this size live in the database: one sync serves them together with their row.</summary>
    public const int InlineBytes = 64 * 1024;

    /// <summary>Larger ones outlive a cut connection when their sender says what they are: see <see cref="ResumeAsync"/>.</summary>
    public const int ResumableBytes = 1 << 20;

    /// <summary>Work on one payload up to this size may hold all of it.</summary>
    internal const int MemoryBytes = 1 << 20;

    private const int CopyBytes = 256 << 10;

    private readonly IPayloadStore large;
    private readonly Segments? segments;
    private readonly Database database;
    private readonly DiskReserve reserve;

    /// <param name="segments">For payloads of middling size; null = they are kept like the large ones.</param>
    internal PayloadStore(IPayloadStore large, Segments? segments, Database database, DiskReserve reserve) =>
        (this.large, this.segments, this.database, this.reserve) = (large, segments, database, reserve);

    /// <summary>Begins one payload. Disposing it before <see cref="PayloadWriter.CompleteAsync"/> leaves nothing.</summary>
    public PayloadWriter Begin() => new(this);

    /// <summary>Begins an upload that can be resumed, or goes on with one. Disposing the writer keeps what came.</summary>
    /// <param name="from">0, or what <see cref="HeldAsync"/> said.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.OffsetUnknown"/>, <see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public async Task<PayloadWriter> ResumeAsync(UploadKey upload, long from, CancellationToken ct)
    {
        var writer = Begin();
        try
        {
            await writer.ResumeAsync(upload, from, ct);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>How much is kept of an upload that was cut off: where it may go on.</summary>
    public Task<long> HeldAsync(UploadKey upload, CancellationToken ct) =>
        upload.Announced.Size > ResumableBytes ? large.HeldAsync(upload, ct) : Task.FromResult(0L);

    /// <summary>The bytes, from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    public Stream Open(PayloadRef payload)
    {
        var found = payload.Inline is null && payload.Place is null && payload.Size <= HeldBytes ? FindAsync(payload).GetAwaiter().GetResult() : payload;
        return found switch
        {
            { Inline: { } inline } => MemoryMarshal.TryGetArray(inline, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(inline.ToArray(), writable: false),
            { Place: { } place } => segments!.Open(place, payload.Size),
            _ => large.Open(payload),
        };
    }

    /// <summary>Keeps the whole of a stream.</summary>
    public async Task<PayloadRef> SaveAsync(Stream source, CancellationToken ct)
    {
        await using var writer = Begin();
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, ct)) > 0)
                await writer.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return await writer.CompleteAsync(null, ct);
    }

    /// <summary>Keeps bytes that are in memory.</summary>
    internal async Task<PayloadRef> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (bytes.Length <= InlineBytes)
            return new PayloadRef(Messages.MessageDigest.Hex(bytes.Span), bytes.Length) { Inline = bytes };
        await using var writer = Begin();
        await writer.WriteAsync(bytes, ct);
        return await writer.CompleteAsync(null, ct);
    }

    /// <summary>All bytes of a payload of at most <see cref="MemoryBytes"/>; not to be changed.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    internal async Task<ReadOnlyMemory<byte>> ReadAsync(PayloadRef payload, CancellationToken ct)
    {
        if (payload.Inline is { } inline)
            return inline;
        var found = payload.Place is null && payload.Size <= HeldBytes ? await FindAsync(payload) : payload;
        if (found.Inline is { } stored)
            return stored;
        await using var stream = Open(found);
        var bytes = new byte[checked((int)payload.Size)];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Whether a row names this payload already.</summary>
    internal async Task<bool> HasAsync(string sha256, CancellationToken ct) =>
        await database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @sha256", ct, ("sha256", sha256)), ct) > 0;

    /// <summary>A file with the payload's bytes for programs that read by path; one that is in no file is written to <paramref name="scratch"/> first.</summary>
    internal async Task<string> PathAsync(PayloadRef payload, string scratch, CancellationToken ct)
    {
        if (payload.Size > HeldBytes && large.FileOf(payload) is { } file)
            return file;
        await using var from = Open(payload);
        await using var to = new FileStream(scratch, FileMode.Create, FileAccess.Write);
        await from.CopyToAsync(to, ct);
        return scratch;
    }

    /// <summary>Records in the caller's transaction that a row names this payload; small bytes go into the database here.</summary>
    internal static Task KeepAsync(DatabaseTransaction tx, PayloadRef payload, CancellationToken ct) => tx.ExecuteAsync(
        "INSERT INTO payload (sha256, size, bytes, segment, place) VALUES (@sha256, @size, @bytes, @segment, @place) ON CONFLICT (sha256) DO NOTHING", ct,
        ("sha256", payload.Sha256), ("size", payload.Size), ("bytes", payload.Inline is { } inline ? inline.ToArray() : null),
        ("segment", payload.Place?.Segment), ("place", payload.Place?.Offset));

    /// <summary>Deletes what no row names and is older than <paramref name="age"/>: what a crash left between payload and commit.</summary>
    /// <returns>The number of payloads deleted.</returns>
    internal async Task<int> CollectAsync(TimeSpan age, CancellationToken ct) =>
        await large.CollectAsync(age, ct) + (segments is null ? 0 : await segments.CollectAsync(age, ct));

    public ValueTask DisposeAsync() => segments?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What a writer holds in memory before it knows where the payload belongs.</summary>
    internal int HeldBytes => segments is null ? InlineBytes : Segments.MostBytes;

    internal void DemandRoom() => reserve.DemandRoom();

    internal IPayloadSink BeginLarge() => large.Begin();

    internal Task<IPayloadSink> ResumeLargeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct) =>
        large.ResumeAsync(upload, from, kept, ct);

    internal Task<SegmentPlace> AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, long size) => segments!.AppendAsync(parts, size);

    /// <summary>With its bytes or its place as the row says; as it was when it is in a file of its own, as older versions kept it.</summary>
    /// <exception cref="FileNotFoundException">A payload this small has a row, or it is not kept here.</exception>
    private async Task<PayloadRef> FindAsync(PayloadRef payload)
    {
        var rows = await database.ReadAsync(tx => tx.QueryAsync(
            "SELECT bytes, segment, place FROM payload WHERE sha256 = @sha256",
            row => (Bytes: row.IsNull(0) ? null : row.Bytes(0), Place: row.IsNull(1) ? null : new SegmentPlace(row.Number(1), row.Number(2))), default,
            ("sha256", payload.Sha256)));
        return rows switch
        {
            [{ Bytes: { } bytes }] => payload with { Inline = bytes },
            [{ Place: { } place }] => payload with { Place = place },
            _ when payload.Size > InlineBytes => payload,
            _ => throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here."),
        };
    }
}
