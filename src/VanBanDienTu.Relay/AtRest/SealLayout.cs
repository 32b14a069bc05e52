using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>
/// How sealed bytes lie: a head (what it is, the key's id, a random salt), the content in pieces of <see cref="PieceBytes"/> each followed by
/// its tag and led by its part of the nonce, and a tag that binds all of it to the content's digest and size.
/// </summary>
/// <remarks>
/// AES-256-GCM under a key of its own for every sealing: HKDF-SHA256 of the key-encryption key and the salt. A piece's nonce is its number and
/// eight random bytes before it: an upload that was cut off may come to seal the same piece again. Number, «last» and the head are associated
/// data: pieces that are moved, dropped, or taken from another payload do not open. After the STREAM construction (Hoang, Reyhanitabar,
/// Rogaway, Vizár 2015).
/// </remarks>
internal static class SealLayout
{
    /// <summary>Content in one piece: what must be read and opened to see one byte of it.</summary>
    public const int PieceBytes = 64 << 10;

    public const int TagBytes = 16;
    public const int HeadBytes = 48;

    /// <summary>Random bytes before each piece.</summary>
    public const int LeadBytes = 8;

    /// <summary>A sealed piece that is not the last one.</summary>
    public const int SealedPieceBytes = LeadBytes + PieceBytes + TagBytes;

    /// <summary>The longest content: piece numbers have 32 bits.</summary>
    public const long MostBytes = ((long)PieceBytes << 32) - PieceBytes;

    private const int NonceBytes = 12;

    private const int SaltAt = 16;

    private static ReadOnlySpan<byte> Mark => "VBDTREST"u8;

    /// <summary>Pieces of a content; an empty one has one.</summary>
    public static long Pieces(long size) => size == 0 ? 1 : (size + PieceBytes - 1) / PieceBytes;

    /// <summary>Bytes that a content takes when it is sealed.</summary>
    public static long Sealed(long size) => HeadBytes + size + (Pieces(size) * (LeadBytes + TagBytes)) + TagBytes;

    /// <summary>The content's size, from that of its sealed bytes; -1 when nothing has that size sealed.</summary>
    public static long ContentOf(long kept)
    {
        var rest = kept - HeadBytes - TagBytes;
        var pieces = (rest + SealedPieceBytes - 1) / SealedPieceBytes;
        var size = rest - (pieces * (LeadBytes + TagBytes));
        return size >= 0 && Sealed(size) == kept ? size : -1;
    }

    public static byte[] NewHead(string keyId)
    {
        var head = new byte[HeadBytes];
        Mark.CopyTo(head);
        Convert.FromHexString(keyId).CopyTo(head, Mark.Length);
        RandomNumberGenerator.Fill(head.AsSpan(SaltAt));
        return head;
    }

    /// <summary>The id of the key that a head names; null when it is no head.</summary>
    public static string? KeyIdOf(ReadOnlySpan<byte> head) =>
        head.Length >= HeadBytes && head.StartsWith(Mark) ? Convert.ToHexStringLower(head[Mark.Length..SaltAt]) : null;

    /// <summary>The cipher for one sealing.</summary>
    public static AesGcm Cipher(SealKey key, ReadOnlySpan<byte> head)
    {
        Span<byte> derived = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, derived, head[SaltAt..HeadBytes], "vbdt payload at rest, 1"u8);
        try
        {
            return new AesGcm(derived, TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>Seals one piece; <paramref name="sealedPiece"/> may be its own memory.</summary>
    public static void SealPiece(
        AesGcm cipher, ReadOnlySpan<byte> head, long piece, bool last, ReadOnlySpan<byte> content, Span<byte> lead, Span<byte> sealedPiece, Span<byte> tag)
    {
        RandomNumberGenerator.Fill(lead);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> data = stackalloc byte[HeadBytes + 9];
        Prepare(head, piece, last, lead, nonce, data);
        cipher.Encrypt(nonce, content, sealedPiece, tag, data);
    }

    /// <summary>Opens one piece where it lies.</summary>
    /// <exception cref="CryptographicException">It was changed, or is not this piece.</exception>
    public static void OpenPiece(AesGcm cipher, ReadOnlySpan<byte> head, long piece, bool last, ReadOnlySpan<byte> lead, Span<byte> content, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> data = stackalloc byte[HeadBytes + 9];
        Prepare(head, piece, last, lead, nonce, data);
        cipher.Decrypt(nonce, content, tag, content, data);
    }

    private static void Prepare(ReadOnlySpan<byte> head, long piece, bool last, ReadOnlySpan<byte> lead, Span<byte> nonce, Span<byte> data)
    {
        lead.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[LeadBytes..], checked((uint)piece));
        head.CopyTo(data);
        BinaryPrimitives.WriteInt64BigEndian(data[HeadBytes..], piece);
        data[^1] = last ? (byte)1 : (byte)0;
    }

    /// <summary>The tag that binds a sealing to its content's digest and size.</summary>
    public static void Bind(AesGcm cipher, ReadOnlySpan<byte> head, string sha256, long size, Span<byte> tag) =>
        cipher.Encrypt(BindNonce, [], [], tag, BindData(head, sha256, size));

    /// <exception cref="CryptographicException">It is the sealing of another content, or was changed.</exception>
    public static void DemandBound(AesGcm cipher, ReadOnlySpan<byte> head, string sha256, long size, ReadOnlySpan<byte> tag) =>
        cipher.Decrypt(BindNonce, [], tag, [], BindData(head, sha256, size));

    // No piece has this number.
    private static readonly byte[] BindNonce = [0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];

    private static byte[] BindData(ReadOnlySpan<byte> head, string sha256, long size) => [.. head, .. Encoding.ASCII.GetBytes($"{sha256} {size}")];
}
