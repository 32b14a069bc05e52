using System.Security.Cryptography;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>
/// Uploads that can be resumed, sealed while they come in: the store keeps and counts sealed bytes, callers see content. Going on begins at a whole
/// piece under the key that writes; when that key was changed meanwhile, the upload begins anew.
/// </summary>
internal static class SealedUpload
{
    /// <inheritdoc cref="IPayloadStore.HeldAsync"/>
    public static async Task<long> HeldAsync(SealKey key, IPayloadStore store, UploadKey upload, CancellationToken ct) =>
        upload.Resumable(Math.Max(0, await store.HeldAsync(Kept(key, upload), ct) - SealLayout.HeadBytes) / SealLayout.SealedPieceBytes * SealLayout.PieceBytes);

    /// <inheritdoc cref="IPayloadStore.ResumeAsync"/>
    public static async Task<IPayloadSink> ResumeAsync(
        SealKey key, IPayloadStore store, UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct)
    {
        if (from == 0)
            return new SealingSink(key, await store.ResumeAsync(Kept(key, upload), 0, kept, ct));
        if (from % SealLayout.PieceBytes > 0 || from > await HeldAsync(key, store, upload, ct))
            throw upload.OffsetUnknown(from); // HeldAsync gives whole pieces only
        var whole = from / SealLayout.PieceBytes;
        using var reading = new Reading(key, upload, from, kept);
        var sink = await store.ResumeAsync(Kept(key, upload), At(whole), reading.Take, ct);
        try
        {
            reading.Demand();
            return SealingSink.After(reading.Next(whole), sink);
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    private static long At(long piece) => SealLayout.HeadBytes + (piece * SealLayout.SealedPieceBytes);

    /// <summary>What the store knows the upload by.</summary>
    private static UploadKey Kept(SealKey key, UploadKey upload) => upload with
    {
        Request = $"{key.Id} {upload.Request}", Announced = upload.Announced with { Size = SealLayout.Sealed(upload.Announced.Size) },
    };

    /// <summary>Opens the kept pieces as their bytes come, in parts of any size.</summary>
    private sealed class Reading(SealKey key, UploadKey upload, long upTo, Action<ReadOnlySpan<byte>> kept) : IDisposable
    {
        private readonly byte[] head = new byte[SealLayout.HeadBytes];
        private readonly byte[] buffer = new byte[SealLayout.SealedPieceBytes];
        private AesGcm? cipher;
        private int filled;
        private long opened;
        private long piece;

        public void Take(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                var target = cipher is null ? head : buffer;
                var count = Math.Min(bytes.Length, target.Length - filled);
                bytes[..count].CopyTo(target.AsSpan(filled));
                filled += count;
                bytes = bytes[count..];
                if (filled < target.Length)
                    continue;
                filled = 0;
                if (cipher is null)
                    cipher = SealLayout.Cipher(key, head);
                else
                    Open();
            }
        }

        /// <exception cref="RelayException"><see cref="RelayFault.OffsetUnknown"/>: what is kept does not reach that far.</exception>
        public void Demand()
        {
            if (opened < upTo)
                throw upload.OffsetUnknown(upTo);
        }

        public Sealing Next(long next) => new(key, head, next);

        public void Dispose() => cipher?.Dispose();

        private void Open()
        {
            try
            {
                SealLayout.OpenPiece(
                    cipher!, head, piece++, last: false, buffer.AsSpan(0, SealLayout.LeadBytes), buffer.AsSpan(SealLayout.LeadBytes, SealLayout.PieceBytes),
                    buffer.AsSpan(SealLayout.LeadBytes + SealLayout.PieceBytes));
            }
            catch (CryptographicException)
            {
                throw upload.OffsetUnknown(upTo);
            }

            kept(buffer.AsSpan(SealLayout.LeadBytes, SealLayout.PieceBytes));
            opened += SealLayout.PieceBytes;
        }
    }
}
