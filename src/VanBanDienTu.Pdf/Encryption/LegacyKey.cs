using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VanBanDienTu.Pdf;

/// <summary>The file key of revisions 2 to 4, made from a password by MD5 and RC4 (ISO 32000-2, 7.6.4.3.2 and 7.6.4.4).</summary>
internal static class LegacyKey
{
    private static readonly byte[] Padding =
    [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
        0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ];

    /// <summary>The key if this is the user's password, else null.</summary>
    public static byte[]? ForUser(SecurityValues values, ReadOnlySpan<byte> password)
    {
        var key = FileKey(values, Padded(password));
        var matches = values.Revision == 2
            ? Rc4.Apply(key, Padding).AsSpan().SequenceEqual(values.User.AsSpan(0, 32))
            : Twenty(key, MD5.HashData([.. Padding, .. values.FileId]), ascending: true).AsSpan().SequenceEqual(values.User.AsSpan(0, 16));
        return matches ? key : null;
    }

    /// <summary>The key if this is the owner's password: it hides the user's.</summary>
    public static byte[]? ForOwner(SecurityValues values, ReadOnlySpan<byte> password)
    {
        var key = Stretch(MD5.HashData(Padded(password)), values)[..values.KeyBytes];
        var user = values.Revision == 2 ? Rc4.Apply(key, values.Owner.AsSpan(0, 32)) : Twenty(key, values.Owner[..32], ascending: false);
        return ForUser(values, user);
    }

    private static byte[] FileKey(SecurityValues values, byte[] padded)
    {
        var permissions = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(permissions, values.Permissions);
        byte[] openMetadata = values is { Revision: >= 4, EncryptMetadata: false } ? [0xFF, 0xFF, 0xFF, 0xFF] : [];
        return Stretch(MD5.HashData([.. padded, .. values.Owner.AsSpan(0, 32), .. permissions, .. values.FileId, .. openMetadata]), values)[..values.KeyBytes];
    }

    private static byte[] Stretch(byte[] hash, SecurityValues values)
    {
        for (var round = 0; round < 50 && values.Revision >= 3; round++)
            hash = MD5.HashData(hash.AsSpan(0, values.KeyBytes));
        return hash;
    }

    private static byte[] Twenty(byte[] key, byte[] data, bool ascending)
    {
        for (var i = 0; i < 20; i++)
        {
            var round = (byte)(ascending ? i : 19 - i);
            data = Rc4.Apply(Array.ConvertAll(key, b => (byte)(b ^ round)), data);
        }
        return data;
    }

    private static byte[] Padded(ReadOnlySpan<byte> password)
    {
        var padded = new byte[32];
        var taken = Math.Min(32, password.Length);
        password[..taken].CopyTo(padded);
        Padding.AsSpan(0, 32 - taken).CopyTo(padded.AsSpan(taken));
        return padded;
    }
}
