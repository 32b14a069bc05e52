using System.Security.Cryptography;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Takes the bytes of one payload in one pass: hashes while it writes, holds little of it in memory.</summary>
public sealed class PayloadWriter : IAsyncDisposable
{
    private readonly PayloadStore store;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HeldBytes held = new();
    private IPayloadSink? sink;
    private long size;

    internal PayloadWriter(PayloadStore store) => this.store = store;

    /// <summary>Begins or goes on with an upload that outlives this writer.</summary>
    internal async Task ResumeAsync(UploadKey upload, long from, CancellationToken ct)
    {
        store.DemandRoom();
        sink = await store.ResumeLargeAsync(upload, from, bytes => hash.AppendData(bytes), ct);
        size = from;
    }

    /// <summary>Bytes taken so far, those before a resumption included.</summary>
    public long Size => size;

    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        hash.AppendData(bytes.Span);
        if (size <= PayloadStore.InlineBytes && size + bytes.Length > PayloadStore.InlineBytes)
            store.DemandRoom();
        size += bytes.Length;
        if (sink is null && size <= store.HeldBytes)
        {
            held.Add(bytes.Span);
            return;
        }

        if (sink is null)
        {
            sink = store.BeginLarge();
            foreach (var part in held.Parts)
                await sink.WriteAsync(part, ct);
            held.Dispose();
        }

        await sink.WriteAsync(bytes, ct);
    }

    /// <summary>Ends the payload; when this returns, one that does not fit into its row is durable.</summary>
    /// <param name="expectedSha256">What the sender announced; null when nothing was.</param>
    /// <exception cref="RelayException">
    /// <see cref="RelayFault.DigestMismatch"/>, <see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.
    /// </exception>
    public async Task<PayloadRef> CompleteAsync(string? expectedSha256 = null, CancellationToken ct = default)
    {
        var payload = await CheckAsync(expectedSha256);
        if (size <= PayloadStore.InlineBytes)
            return payload with { Inline = held.ToArray() };
        if (sink is null)
            return await store.AppendAsync(payload, held);
        return await sink.CompleteAsync(payload, ct);
    }

    /// <summary>What was taken, by its digest; nothing is durable yet.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public async Task<PayloadRef> CheckAsync(string? expectedSha256)
    {
        var sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (!string.IsNullOrEmpty(expectedSha256) && !string.Equals(expectedSha256, sha256, StringComparison.OrdinalIgnoreCase))
        {
            if (sink is not null)
                await sink.ForgetAsync();
            throw new RelayException(
                RelayFault.DigestMismatch,
                $"Nội dung nhận được ({size} byte) có SHA-256 {sha256}, khác với {expectedSha256} đã khai: hãy gửi lại.",
                $"The bytes received ({size}) have SHA-256 {sha256}, not {expectedSha256} as announced: send them again.");
        }

        return new PayloadRef(sha256, size);
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        held.Dispose();
        if (sink is not null)
            await sink.DisposeAsync();
    }
}
