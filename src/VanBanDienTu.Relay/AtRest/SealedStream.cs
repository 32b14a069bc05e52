using System.Buffers;
using System.Security.Cryptography;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>Reads a sealed content from any place on, one piece in memory at a time. Bytes that were changed are never given out.</summary>
internal sealed class SealedStream : PayloadStream
{
    private readonly Stream kept;
    private readonly string sha256;
    private readonly long size;
    private readonly byte[] head = new byte[SealLayout.HeadBytes];
    private readonly AesGcm cipher;
    private byte[] buffer = []; // one piece, opened in place
    private long held = -1;
    private int filled;
    private bool disposed;

    /// <param name="kept">The sealed bytes, seekable; closed with this stream, also when this throws.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.PayloadDamaged"/>, <see cref="RelayFault.StorageKeyMissing"/>.</exception>
    public SealedStream(KeyRing keys, Stream kept, string sha256, long size) : base(size)
    {
        (this.kept, this.sha256, this.size) = (kept, sha256, size);
        try
        {
            if (size < 0 || kept.Length != SealLayout.Sealed(size))
                throw Damaged(null);
            Fill(0, head);
            cipher = SealLayout.Cipher(keys.Find(SealLayout.KeyIdOf(head) ?? throw Damaged(null)), head);
            Span<byte> binding = stackalloc byte[SealLayout.TagBytes];
            Fill(kept.Length - SealLayout.TagBytes, binding);
            SealLayout.DemandBound(cipher, head, sha256, size, binding);
        }
        catch (Exception e)
        {
            cipher?.Dispose();
            kept.Dispose();
            throw e is CryptographicException or EndOfStreamException ? Damaged(e) : e;
        }
    }

    protected override int ReadAt(long place, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var piece = place / SealLayout.PieceBytes;
        if (piece != held)
        {
            var length = Seek(piece);
            try
            {
                kept.ReadExactly(buffer.AsSpan(0, SealLayout.LeadBytes + length + SealLayout.TagBytes));
            }
            catch (EndOfStreamException cut)
            {
                throw Damaged(cut);
            }

            Open(piece, length);
        }

        return Give(place, into);
    }

    protected override async ValueTask<int> ReadAtAsync(long place, Memory<byte> into, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var piece = place / SealLayout.PieceBytes;
        if (piece != held)
        {
            var length = Seek(piece);
            try
            {
                await kept.ReadExactlyAsync(buffer.AsMemory(0, SealLayout.LeadBytes + length + SealLayout.TagBytes), ct);
            }
            catch (EndOfStreamException cut)
            {
                throw Damaged(cut);
            }

            Open(piece, length);
        }

        return Give(place, into.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            cipher.Dispose();
            kept.Dispose();
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        base.Dispose(disposing);
    }

    /// <returns>The length of the piece's content.</returns>
    private int Seek(long piece)
    {
        if (buffer.Length == 0)
            buffer = ArrayPool<byte>.Shared.Rent(SealLayout.SealedPieceBytes);
        held = -1;
        kept.Position = SealLayout.HeadBytes + (piece * SealLayout.SealedPieceBytes);
        return (int)Math.Min(SealLayout.PieceBytes, size - (piece * SealLayout.PieceBytes));
    }

    private void Open(long piece, int length)
    {
        try
        {
            var content = buffer.AsSpan(SealLayout.LeadBytes, length);
            SealLayout.OpenPiece(
                cipher, head, piece, piece == SealLayout.Pieces(size) - 1, buffer.AsSpan(0, SealLayout.LeadBytes), content,
                buffer.AsSpan(SealLayout.LeadBytes + length, SealLayout.TagBytes));
        }
        catch (CryptographicException changed)
        {
            throw Damaged(changed);
        }

        (held, filled) = (piece, length);
    }

    private int Give(long place, Span<byte> into)
    {
        var from = buffer.AsSpan(SealLayout.LeadBytes + (int)(place % SealLayout.PieceBytes), filled - (int)(place % SealLayout.PieceBytes));
        var count = Math.Min(from.Length, into.Length);
        from[..count].CopyTo(into);
        return count;
    }

    private void Fill(long from, Span<byte> bytes)
    {
        kept.Position = from;
        kept.ReadExactly(bytes);
    }

    private RelayException Damaged(Exception? cause) => new(
        RelayFault.PayloadDamaged,
        $"Nội dung đã mã hóa {sha256} bị sửa, bị cắt hoặc bị tráo trên đĩa: lấy lại từ bản sao lưu.",
        $"The sealed content {sha256} was changed, cut or exchanged on disk: get it back from a backup.", cause);
}
