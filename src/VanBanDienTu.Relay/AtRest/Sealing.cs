using System.Security.Cryptography;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>Seals one content, piece by piece in order; what comes out is <see cref="Head"/>, then each piece with its tag, then <see cref="Binding"/>.</summary>
internal sealed class Sealing : IDisposable
{
    private readonly AesGcm cipher;
    private readonly byte[] head;
    private long pieces;

    public Sealing(SealKey key)
    {
        KeyId = key.Id;
        head = SealLayout.NewHead(key.Id);
        cipher = SealLayout.Cipher(key, head);
    }

    /// <summary>Goes on with a sealing of which the head and some pieces are kept.</summary>
    public Sealing(SealKey key, byte[] head, long pieces)
    {
        (KeyId, this.head, this.pieces) = (key.Id, head, pieces);
        cipher = SealLayout.Cipher(key, head);
    }

    public string KeyId { get; }

    public ReadOnlyMemory<byte> Head => head;

    /// <summary>Seals the next piece: all but the last hold <see cref="SealLayout.PieceBytes"/>.</summary>
    /// <param name="lead">Stands before it.</param>
    /// <param name="sealedPiece">May be the piece's own memory.</param>
    public void Piece(ReadOnlySpan<byte> piece, bool last, Span<byte> lead, Span<byte> sealedPiece, Span<byte> tag) =>
        SealLayout.SealPiece(cipher, head, pieces++, last, piece, lead, sealedPiece, tag);

    public byte[] Binding(string sha256, long size)
    {
        var tag = new byte[SealLayout.TagBytes];
        SealLayout.Bind(cipher, head, sha256, size, tag);
        return tag;
    }

    /// <summary>The whole of a content that is in memory.</summary>
    public static byte[] Whole(SealKey key, ReadOnlySpan<byte> content, string sha256)
    {
        using var sealing = new Sealing(key);
        var all = new byte[SealLayout.Sealed(content.Length)];
        sealing.head.CopyTo(all, 0);
        var at = SealLayout.HeadBytes;
        var size = content.Length;
        for (var left = SealLayout.Pieces(size); left > 0; left--)
        {
            var piece = content[..Math.Min(content.Length, SealLayout.PieceBytes)];
            var lead = all.AsSpan(at, SealLayout.LeadBytes);
            at += SealLayout.LeadBytes;
            sealing.Piece(piece, left == 1, lead, all.AsSpan(at, piece.Length), all.AsSpan(at + piece.Length, SealLayout.TagBytes));
            at += piece.Length + SealLayout.TagBytes;
            content = content[piece.Length..];
        }

        sealing.Binding(sha256, size).CopyTo(all, at);
        return all;
    }

    /// <summary>Seals pieces in the memory that they are in.</summary>
    /// <returns>All that must be written, in order.</returns>
    public static IReadOnlyList<ReadOnlyMemory<byte>> InPlace(SealKey key, IReadOnlyList<Memory<byte>> pieces, string sha256, long size)
    {
        using var sealing = new Sealing(key);
        var parts = new List<ReadOnlyMemory<byte>>((3 * pieces.Count) + 2) { sealing.Head };
        for (var i = 0; i < pieces.Count; i++)
        {
            var around = new byte[SealLayout.LeadBytes + SealLayout.TagBytes];
            sealing.Piece(pieces[i].Span, i == pieces.Count - 1, around.AsSpan(0, SealLayout.LeadBytes), pieces[i].Span, around.AsSpan(SealLayout.LeadBytes));
            parts.Add(around.AsMemory(0, SealLayout.LeadBytes));
            parts.Add(pieces[i]);
            parts.Add(around.AsMemory(SealLayout.LeadBytes));
        }

        parts.Add(sealing.Binding(sha256, size));
        return parts;
    }

    public void Dispose() => cipher.Dispose();
}
