using System.Security.Cryptography;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Takes the bytes of one payload in one pass: hashes while it writes, holds at most <see cref="PayloadStore.InlineBytes"/> in memory.</summary>
public sealed class PayloadWriter : IAsyncDisposable
{
    private readonly PayloadStore store;
    private readonly string temporary;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream small = new();
    private FileStream? file;
    private long size;
    private bool adopted;

    internal PayloadWriter(PayloadStore store, string temporary) => (this.store, this.temporary) = (store, temporary);

    /// <summary>Bytes taken so far.</summary>
    public long Size => size;

    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        hash.AppendData(bytes.Span);
        size += bytes.Length;
        if (file is null && size <= PayloadStore.InlineBytes)
        {
            small.Write(bytes.Span);
            return;
        }

        try
        {
            if (file is null)
            {
                store.DemandRoom();
                file = new FileStream(temporary, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous,
                });
                await file.WriteAsync(small.GetBuffer().AsMemory(0, (int)small.Length), ct);
            }

            await file.WriteAsync(bytes, ct);
        }
        catch (IOException full) when (IsDiskFull(full))
        {
            throw DiskReserve.Full(full);
        }
    }

    /// <summary>Ends the payload; when this returns, a large one is durable under its digest (file, name and folder).</summary>
    /// <param name="expectedSha256">What the sender announced; null when nothing was.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.DigestMismatch"/>, <see cref="RelayFault.DiskFull"/>.</exception>
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

        if (file is null)
            return new PayloadRef(sha256, size) { Inline = small.ToArray() };
        try
        {
            await Task.Run(() => DurableFolder.SyncOrEnd(file.SafeFileHandle, temporary), ct);
            await file.DisposeAsync();
            store.Adopt(temporary, sha256);
        }
        catch (IOException full) when (IsDiskFull(full))
        {
            throw DiskReserve.Full(full);
        }

        adopted = true;
        return new PayloadRef(sha256, size);
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await small.DisposeAsync();
        if (file is null)
            return;
        await file.DisposeAsync();
        if (!adopted)
            File.Delete(temporary);
    }

    // ENOSPC is 28 on Linux; .NET puts the errno into the low word of HResult.
    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 122;
}
