using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VanBanDienTu.Pdf;

internal enum CryptMethod
{
    /// <summary>Not encrypted.</summary>
    Identity,
    Rc4,
    Aes128,
    Aes256,
}

/// <summary>One way of encrypting under the file's key: the bytes of one object in, the bytes out (ISO 32000-2, 7.6.3).</summary>
internal sealed record CryptFilter(CryptMethod Method, byte[] FileKey)
{
    private const int Block = 16;

    /// <exception cref="PdfException"><see cref="PdfFault.BadStructure"/>: no data of this cipher.</exception>
    public byte[] Decrypt(PdfRef name, ReadOnlySpan<byte> data)
    {
        if (Method == CryptMethod.Identity || data.IsEmpty)
            return data.ToArray();
        var key = ObjectKey(name);
        if (Method == CryptMethod.Rc4)
            return Rc4.Apply(key, data);
        if (data.Length < Block)
            throw PdfException.Bad("Dữ liệu mã hoá bị hỏng.", "Encrypted data is damaged.", target: name);
        using var aes = Aes.Create();
        aes.Key = key;
        var whole = (data.Length - Block) / Block * Block; // some programs leave an end of line behind
        var plain = aes.DecryptCbc(data.Slice(Block, whole), data[..Block], PaddingMode.None);
        var padding = plain.Length == 0 ? 0 : plain[^1];
        return padding is >= 1 and <= Block ? plain[..^padding] : plain;
    }

    /// <summary>Encrypts; the same data of the same object gives the same bytes, so that an update can be laid out twice alike (two-step signing).</summary>
    public byte[] Encrypt(PdfRef name, ReadOnlySpan<byte> data)
    {
        if (Method == CryptMethod.Identity)
            return data.ToArray();
        var key = ObjectKey(name);
        if (Method == CryptMethod.Rc4)
            return Rc4.Apply(key, data);
        using var aes = Aes.Create();
        aes.Key = key;
        // A keyed hash is as unpredictable to a stranger as a random vector, and differs wherever the data differs.
        byte[] seed = [.. BitConverter.GetBytes(name.Number), .. BitConverter.GetBytes(name.Generation), .. data];
        var vector = HMACSHA256.HashData(FileKey, seed)[..Block];
        return [.. vector, .. aes.EncryptCbc(data, vector, PaddingMode.PKCS7)];
    }

    /// <summary>Algorithm 1: the file's key with the object's number and generation; AES-256 uses the file's key as it is.</summary>
    private byte[] ObjectKey(PdfRef name)
    {
        if (Method == CryptMethod.Aes256)
            return FileKey;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(number, name.Number);
        BinaryPrimitives.WriteInt32LittleEndian(number[4..], name.Generation);
        var salt = Method == CryptMethod.Aes128 ? "sAlT"u8 : default;
        return MD5.HashData([.. FileKey, .. number[..3], .. number.Slice(4, 2), .. salt])[..Math.Min(FileKey.Length + 5, 16)];
    }
}
