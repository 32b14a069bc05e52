using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// Verified answers of authorities in a folder, one file each, for later runs and for those without a network. A file that cannot be
/// read is as good as none: whatever stands in it is verified again before it is believed.
/// </summary>
internal sealed partial class BlobFolder(string folder)
{
    private const int LongestHeader = 16 * 1024;

    public BlobCache.Blob? Find(string key)
    {
        try
        {
            var bytes = File.ReadAllBytes(PathOf(key));
            var end = bytes.AsSpan(0, Math.Min(bytes.Length, LongestHeader)).IndexOf((byte)'\n');
            if (end < 0 || JsonSerializer.Deserialize(bytes.AsSpan(0, end), HeaderJson.Default.Header) is not { } header || !string.Equals(header.Key, key, StringComparison.Ordinal))
                return null;
            return new BlobCache.Blob(header.Url, bytes[(end + 1)..], header.FetchedAt, header.Until); // an array of its own: long lists are parsed once for each
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Written beside and renamed: others read all of it or nothing.</summary>
    public void Keep(string key, BlobCache.Blob blob)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".tmp");
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, new Header(key, blob.Url, blob.FetchedAt, blob.Until), HeaderJson.Default.Header);
                file.WriteByte((byte)'\n');
                file.Write(blob.Body.Span);
            }
            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The verdict does not need the folder; the next run asks again.
        }
    }

    private string PathOf(string key) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private sealed record Header(string Key, string Url, DateTimeOffset FetchedAt, DateTimeOffset Until);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Header))]
    private sealed partial class HeaderJson : JsonSerializerContext;
}
