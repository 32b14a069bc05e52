using System.Buffers;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>Seals what passes on its way to a store, so that nothing readable reaches the disk.</summary>
internal sealed class SealingSink(Sealing sealing, IPayloadSink store) : IPayloadSink
{
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(SealLayout.SealedPieceBytes);
    private int filled;
    private bool begun;
    private bool disposed;

    public SealingSink(SealKey key, IPayloadSink store)
        : this(new Sealing(key), store)
    {
    }

    /// <summary>Goes on behind pieces that are kept.</summary>
    public static SealingSink After(Sealing sealing, IPayloadSink store) => new(sealing, store) { begun = true };

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            if (filled == SealLayout.PieceBytes)
                await FlushAsync(last: false, ct); // more comes: it is not the last one
            var count = Math.Min(bytes.Length, SealLayout.PieceBytes - filled);
            bytes[..count].CopyTo(buffer.AsMemory(SealLayout.LeadBytes + filled));
            (filled, bytes) = (filled + count, bytes[count..]);
        }
    }

    public async Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct)
    {
        await FlushAsync(last: true, ct);
        await store.WriteAsync(sealing.Binding(payload.Sha256, payload.Size), ct);
        return await store.CompleteAsync(payload with { KeyId = sealing.KeyId }, ct);
    }

    public Task ForgetAsync() => store.ForgetAsync();

    public ValueTask DisposeAsync()
    {
        if (disposed)
            return ValueTask.CompletedTask;
        disposed = true;
        sealing.Dispose();
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return store.DisposeAsync();
    }

    private async Task FlushAsync(bool last, CancellationToken ct)
    {
        if (!begun)
            await store.WriteAsync(sealing.Head, ct);
        begun = true;
        var count = filled;
        var piece = buffer.AsSpan(SealLayout.LeadBytes, count);
        sealing.Piece(piece, last, buffer.AsSpan(0, SealLayout.LeadBytes), piece, buffer.AsSpan(SealLayout.LeadBytes + count, SealLayout.TagBytes));
        filled = 0;
        await store.WriteAsync(buffer.AsMemory(0, SealLayout.LeadBytes + count + SealLayout.TagBytes), ct);
    }
}
