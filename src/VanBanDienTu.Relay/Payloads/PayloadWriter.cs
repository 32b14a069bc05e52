using System.Security.Cryptography;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Takes the bytes of one payload in one pass: hashes while it writes, holds at most <see cref="PayloadStore.InlineBytes"/> in memory.</summary>
public sealed class PayloadWriter : IAsyncDisposable
{
    private readonly PayloadStore store;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream small = new();
    private IPayloadSink? sink;
    private long size;

    internal PayloadWriter(PayloadStore store) => this.store = store;

    /// <summary>Bytes taken so far.</summary>
    public long Size => size;

    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        hash.AppendData(bytes.Span);
        size += bytes.Length;
        if (sink is null && size <= PayloadStore.InlineBytes)
        {
            small.Write(bytes.Span);
            return;
        }

        if (sink is null)
        {
            sink = store.BeginLarge();
            await sink.WriteAsync(small.GetBuffer().AsMemory(0, (int)small.Length), ct);
        }

        await sink.WriteAsync(bytes, ct);
    }

    /// <summary>Ends the payload; when this returns, a large one is durable under its digest.</summary>
    /// <param name="expectedSha256">What the sender announced; null when nothing was.</param>
    /// <exception cref="RelayException">
    /// <see cref="RelayFault.DigestMismatch"/>, <see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.
    /// </exception>
    public async Task<PayloadRef> CompleteAsync(string? expectedSha256 = null, CancellationToken ct = default)
    {
        var sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (!string.IsNullOrEmpty(expectedSha256) && !string.Equals(expectedSha256, sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new RelayException(
                RelayFault.DigestMismatch,
                $"Nội dung nhận được ({size} byte) có SHA-256 {sha256}, khác với {expectedSha256} đã khai: hãy gửi lại.",
                $"The bytes received ({size}) have SHA-256 {sha256}, not {expectedSha256} as announced: send them again.");
        }

        if (sink is null)
            return new PayloadRef(sha256, size) { Inline = small.ToArray() };
        var payload = new PayloadRef(sha256, size);
        await sink.CompleteAsync(payload, ct);
        return payload;
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await small.DisposeAsync();
        if (sink is not null)
            await sink.DisposeAsync();
    }
}
