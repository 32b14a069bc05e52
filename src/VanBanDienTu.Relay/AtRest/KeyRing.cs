using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>One key that payloads are sealed under.</summary>
/// <param name="Id">Made from the key; says nothing about it. 16 hexadecimal characters.</param>
internal sealed record SealKey(string Id, byte[] Bytes);

/// <summary>The keys that payloads at rest are sealed with (khóa mã hóa dữ liệu lưu trữ): the first one writes, all of them read.</summary>
public sealed class KeyRing
{
    public const int KeyBytes = 32;

    private readonly Dictionary<string, SealKey> keys;

    private KeyRing(IReadOnlyList<SealKey> all)
    {
        keys = all.DistinctBy(k => k.Id, StringComparer.Ordinal).ToDictionary(k => k.Id, StringComparer.Ordinal);
        Writing = all.Count > 0 ? all[0] : null;
    }

    /// <summary>Nothing is sealed, and nothing that is sealed can be read.</summary>
    public static KeyRing Empty { get; } = new([]);

    /// <summary>The id of the key that writes; null = new payloads are not sealed.</summary>
    public string? WritingId => Writing?.Id;

    /// <summary>The ids of all keys.</summary>
    public IReadOnlyCollection<string> Ids => keys.Keys;

    internal SealKey? Writing { get; }

    /// <summary>Reads key files; each holds 32 random bytes as 64 hexadecimal characters, as base64, or as they are.</summary>
    /// <param name="paths">The one that writes comes first.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageKeyUnusable"/>, naming the file and never its content.</exception>
    public static KeyRing Read(IReadOnlyList<string> paths) => new([.. paths.Select(ReadKey)]);

    /// <exception cref="RelayException"><see cref="RelayFault.StorageKeyMissing"/>.</exception>
    internal SealKey Find(string id) => keys.TryGetValue(id, out var key) ? key : throw Missing([id]);

    internal static RelayException Missing(IReadOnlyCollection<string> ids) => new(
        RelayFault.StorageKeyMissing,
        $"Có nội dung đã mã hóa bằng khóa {string.Join(", ", ids)} mà cấu hình không có khóa đó: thêm tệp khóa cũ vào «encryption.keyFiles» (sau khóa mới).",
        $"Content is sealed with key {string.Join(", ", ids)}, which is not configured: add the old key's file to «encryption.keyFiles», after the new one.");

    private static SealKey ReadKey(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            var content = new byte[256];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            var bytes = KeyOf(content.AsSpan(0, length)) ?? throw Unusable(path, "không phải 32 byte (hex, base64 hoặc nhị phân): tạo bằng «openssl rand -hex 32»", "does not hold 32 bytes (hex, base64 or raw): make one with «openssl rand -hex 32»", null);
            return new SealKey(Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, 8, info: "vbdt key id"u8.ToArray())), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"không đọc được ({e.Message})", $"cannot be read ({e.Message})", e);
        }
    }

    private static byte[]? KeyOf(ReadOnlySpan<byte> content)
    {
        if (content.Length == KeyBytes)
            return content.ToArray();
        var text = Encoding.ASCII.GetString(content).Trim();
        if (text.Length == 2 * KeyBytes && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        return Base64.IsValid(text, out var decoded) && decoded == KeyBytes ? Convert.FromBase64String(text) : null;
    }

    private static RelayException Unusable(string path, string vi, string en, Exception? cause) => new(
        RelayFault.StorageKeyUnusable, $"Tệp khóa «{path}» {vi}.", $"The key file «{path}» {en}.", cause);
}
