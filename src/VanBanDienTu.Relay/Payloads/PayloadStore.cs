using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>
/// Keeps the bytes of documents by their digest: small ones in the database row, others where <see cref="IPayloadStore"/> says. With a key
/// all that it writes is sealed; what was written under an older key, or under none, is read as it was written.
/// </summary>
public sealed class PayloadStore : IAsyncDisposable
{
    /// <summary>Payloads up to this size live in the database: one sync serves them together with their row.</summary>
    public const int InlineBytes = 64 * 1024;

    /// <summary>Larger ones outlive a cut connection when their sender says what they are: see <see cref="ResumeAsync"/>.</summary>
    public const int ResumableBytes = 1 << 20;

    /// <summary>Work on one payload up to this size may hold all of it.</summary>
    internal const int MemoryBytes = 1 << 20;

    private const int CopyBytes = 256 << 10;

    private readonly ConcurrentDictionary<string, RelayException> damaged = new(StringComparer.Ordinal);
    private readonly IPayloadStore large;
    private readonly Segments? segments;
    private readonly Database database;
    private readonly DiskReserve reserve;

    /// <param name="segments">For payloads of middling size; null = they are kept like the large ones.</param>
    internal PayloadStore(IPayloadStore large, Segments? segments, Database database, DiskReserve reserve) =>
        (this.large, this.segments, this.database, this.reserve) = (large, segments, database, reserve);

    private KeyRing Keys => database.Dialect.Keys;

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
        upload.Announced.Size <= ResumableBytes ? Task.FromResult(0L)
        : Keys.Writing is { } key ? SealedUpload.HeldAsync(key, large, upload, ct)
        : large.HeldAsync(upload, ct);

    /// <summary>The bytes, from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    /// <exception cref="RelayException">
    /// <see cref="RelayFault.StorageKeyMissing"/>; <see cref="RelayFault.PayloadDamaged"/>, from reading too.
    /// </exception>
    public Stream Open(PayloadRef payload)
    {
        var found = payload.Inline is null && payload.Place is null && payload.KeyId is null ? FindAsync(payload).GetAwaiter().GetResult() : payload;
        if (found.Inline is { } inline)
        {
            return MemoryMarshal.TryGetArray(inline, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(inline.ToArray(), writable: false);
        }

        try
        {
            Stream kept = found switch
            {
                { Sealed: { } bytes } => new MemoryStream(bytes, writable: false),
                { Place: { } place } => segments!.Open(place, found.StoredSize),
                _ => large.Open(found),
            };
            return found.KeyId is null
                ? new ProvenStream(kept, found, sealing: false, Tell)
                : new ProvenStream(new SealedStream(Keys, kept, found.Sha256, found.Size), found, sealing: true, Tell);
        }
        catch (RelayException damage) when (damage.Fault == RelayFault.PayloadDamaged)
        {
            Tell(damage);
            throw;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException && HasAsync(payload.Sha256, default).GetAwaiter().GetResult())
        {
            var damage = ProvenStream.Damaged(payload, "nothing of it is there", gone);
            Tell(damage);
            throw damage;
        }
    }

    /// <summary>One sentence for each payload that was found damaged where it is kept, by its digest; known until the node ends.</summary>
    internal IReadOnlyCollection<RelayException> Damaged => [.. damaged.Values];

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
        var found = payload.Place is null && payload.KeyId is null ? await FindAsync(payload) : payload;
        if (found.Inline is { } stored)
            return stored;
        await using var stream = Open(found);
        var bytes = new byte[checked((int)payload.Size)];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Whether a row names this payload already.</summary>
    internal async Task<bool> HasAsync(string sha256, CancellationToken ct) =>
        await database.AskAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @sha256", ct, ("sha256", sha256)), ct) > 0;

    /// <summary>A file with the payload's bytes for programs that read by path; one that is in no file, or sealed, is written to <paramref name="scratch"/> first.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.PayloadDamaged"/>: the file would not be the payload.</exception>
    internal async Task<string> PathAsync(PayloadRef payload, string scratch, CancellationToken ct)
    {
        await using var from = Open(payload);
        if (payload.Size > HeldBytes && (await FindAsync(payload)) is { KeyId: null } plain && large.FileOf(plain) is { } file)
        {
            await from.CopyToAsync(Stream.Null, CopyBytes, ct); // whoever reads by path proves nothing
            return file;
        }

        await using var to = new FileStream(scratch, FileMode.Create, FileAccess.Write);
        await from.CopyToAsync(to, ct);
        return scratch;
    }

    /// <summary>Records in the caller's transaction that a row names this payload; small bytes go into the database here.</summary>
    internal static Task KeepAsync(DatabaseTransaction tx, PayloadRef payload, CancellationToken ct)
    {
        var inline = payload.Inline is { } plain && tx.Keys.Writing is { } key
            ? (Bytes: (ReadOnlyMemory<byte>?)null, Sealed: Sealing.Whole(key, plain.Span, payload.Sha256), KeyId: key.Id)
            : (Bytes: payload.Inline, Sealed: (byte[]?)null, payload.KeyId);
        return tx.ExecuteAsync(
            """
            INSERT INTO payload (sha256, size, bytes, segment, place, sealed, key_id)
            VALUES (@sha256, @size, @bytes, @segment, @place, @sealed, @key) ON CONFLICT (sha256) DO NOTHING
            """, ct,
            ("sha256", payload.Sha256), ("size", payload.Size), ("bytes", inline.Bytes), ("segment", payload.Place?.Segment),
            ("place", payload.Place?.Offset), ("sealed", inline.Sealed), ("key", inline.KeyId));
    }

    /// <summary>Deletes what no row names and is older than <paramref name="age"/>: what a crash left between payload and commit.</summary>
    /// <returns>The number of payloads deleted.</returns>
    internal async Task<int> CollectAsync(TimeSpan age, CancellationToken ct) =>
        await large.CollectAsync(age, ct) + (segments is null ? 0 : await segments.CollectAsync(age, ct));

    public ValueTask DisposeAsync() => segments?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What a writer holds in memory before it knows where the payload belongs.</summary>
    internal int HeldBytes => segments is null ? InlineBytes : Segments.MostBytes;

    internal void DemandRoom() => reserve.DemandRoom();

    internal IPayloadSink BeginLarge() => Keys.Writing is { } key ? new SealingSink(key, large.Begin()) : large.Begin();

    internal Task<IPayloadSink> ResumeLargeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct) =>
        Keys.Writing is { } key ? SealedUpload.ResumeAsync(key, large, upload, from, kept, ct) : large.ResumeAsync(upload, from, kept, ct);

    /// <summary>Keeps a payload of middling size; its pieces are not its content any more when they were sealed.</summary>
    internal async Task<PayloadRef> AppendAsync(PayloadRef payload, HeldBytes held)
    {
        var key = Keys.Writing;
        var parts = key is null ? held.Parts : Sealing.InPlace(key, held.Pieces, payload.Sha256, payload.Size);
        payload = payload with { KeyId = key?.Id };
        return payload with { Place = await segments!.AppendAsync(parts, payload.StoredSize) };
    }

    private void Tell(RelayException damage) => damaged[damage.Message] = damage;

    /// <summary>With its bytes, its place and its key as the row says; as it was when no row names it yet.</summary>
    /// <exception cref="FileNotFoundException">A payload this small has a row, or it is not kept here.</exception>
    private async Task<PayloadRef> FindAsync(PayloadRef payload)
    {
        var rows = await database.AskAsync(tx => tx.QueryAsync(
            "SELECT bytes, segment, place, sealed, key_id FROM payload WHERE sha256 = @sha256",
            row => (Bytes: row.IsNull(0) ? null : row.Bytes(0), Place: row.IsNull(1) ? null : new SegmentPlace(row.Number(1), row.Number(2)),
                Sealed: row.IsNull(3) ? null : row.Bytes(3), Key: row.TextOrNull(4)), default,
            ("sha256", payload.Sha256)));
        return rows switch
        {
            [{ Bytes: { } bytes }] when bytes.Length != payload.Size => throw ProvenStream.Damaged(payload, $"{bytes.Length} of {payload.Size} bytes are there", null),
            [{ Bytes: { } bytes }] => payload with { Inline = bytes },
            [var row] => payload with { Place = row.Place, Sealed = row.Sealed, KeyId = row.Key },
            _ when payload.Size > InlineBytes => payload,
            _ => throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here."),
        };
    }
}
