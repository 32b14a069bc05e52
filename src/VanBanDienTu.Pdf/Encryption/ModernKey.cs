using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VanBanDienTu.Pdf;

/// <summary>The file key of revisions 5 and 6, AES-256 (ISO 32000-2, 7.6.4.3.3 and 7.6.4.3.4).</summary>
internal static class ModernKey
{
    private const int MaxPassword = 127;
    private const int CheckSalt = 32;
    private const int KeySalt = 40;
    private const int Whole = 48;

    /// <summary>The key if this is the user's password, else null.</summary>
    public static byte[]? ForUser(SecurityValues values, ReadOnlySpan<byte> password) => For(values, password, values.User, values.UserKey, []);

    /// <summary>The key if this is the owner's password, else null.</summary>
    public static byte[]? ForOwner(SecurityValues values, ReadOnlySpan<byte> password) => For(values, password, values.Owner, values.OwnerKey, values.User[..Whole]);

    /// <summary>Whether /Perms says, under the key, what /P says in the open.</summary>
    public static bool ConfirmsPermissions(SecurityValues values, byte[] key)
    {
        if (values.SealedPermissions.Length != 16)
            return false;
        using var aes = Aes.Create();
        aes.Key = key;
        var plain = aes.DecryptEcb(values.SealedPermissions, PaddingMode.None);
        return BinaryPrimitives.ReadInt32LittleEndian(plain) == values.Permissions && plain[8] == (values.EncryptMetadata ? 'T' : 'F') && plain.AsSpan(9, 3).SequenceEqual("adb"u8);
    }

    private static byte[]? For(SecurityValues values, ReadOnlySpan<byte> password, byte[] known, byte[] sealedKey, byte[] user)
    {
        var typed = password[..Math.Min(MaxPassword, password.Length)].ToArray();
        if (!Hash(values, typed, known.AsSpan(CheckSalt, 8), user).AsSpan().SequenceEqual(known.AsSpan(0, 32)))
            return null;
        using var aes = Aes.Create();
        aes.Key = Hash(values, typed, known.AsSpan(KeySalt, 8), user);
        return aes.DecryptCbc(sealedKey, new byte[16], PaddingMode.None);
    }

    private static byte[] Hash(SecurityValues values, byte[] password, ReadOnlySpan<byte> salt, byte[] user)
    {
        var k = SHA256.HashData([.. password, .. salt, .. user]);
        return values.Revision == 5 ? k : Harden(k, password, user);
    }

    /// <summary>Algorithm 2.B: at least 64 rounds, each hashing what the one before encrypted.</summary>
    private static byte[] Harden(byte[] k, byte[] password, byte[] user)
    {
        using var aes = Aes.Create();
        for (var (round, last) = (0, 0); round < 64 || last > round - 32; round++)
        {
            byte[] once = [.. password, .. k, .. user];
            var many = new byte[once.Length * 64];
            for (var i = 0; i < 64; i++)
                once.CopyTo(many, i * once.Length);
            aes.Key = k[..16];
            var encrypted = aes.EncryptCbc(many, k.AsSpan(16, 16), PaddingMode.None);
            k = (encrypted.Take(16).Sum(b => b) % 3) switch
            {
                0 => SHA256.HashData(encrypted),
                1 => SHA384.HashData(encrypted),
                _ => SHA512.HashData(encrypted),
            };
            last = encrypted[^1];
        }
        return k[..32];
    }
}
