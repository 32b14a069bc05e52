using System.Text.Encodings.Web;
using System.Text.Json;

namespace VanBanDienTu.Relay.Backup;

/// <summary>What a backup holds; written last, so that one without it is not finished.</summary>
/// <param name="Format">1.</param>
/// <param name="Created">The instant of the database's state that was copied, by the node's clock.</param>
/// <param name="Evidence">Last number and hash of each node's chain of evidence.</param>
/// <param name="KeyIds">Keys that sealed payloads need; the keys themselves are not here unless somebody asked for that.</param>
public sealed record BackupManifest(
    int Format, string Node, string Organ, string Program, DateTimeOffset Created, IReadOnlyList<BackupChain> Evidence, IReadOnlyList<string> KeyIds,
    IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Written);
            if (manifest is { Format: 1, Files: not null, KeyIds: not null, Evidence: not null, Node: not null, Organ: not null })
                return manifest;
            throw BackupFaults.Unusable(path, "không phải bản kê của một bản sao lưu mà chương trình này đọc được", "is not the manifest of a backup that this program reads");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw BackupFaults.Unusable(folder, $"không có bản kê đọc được (sao lưu dở dang?): {e.Message}", $"holds no readable manifest (not finished?): {e.Message}");
        }
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Written);
}

/// <summary>Where a node's chain of evidence ends.</summary>
public sealed record BackupChain(string Node, long Sequence, string Hash);

/// <summary>One file of a backup.</summary>
/// <param name="Path">Relative to the backup's folder, as it is in the node's data folder.</param>
public sealed record BackupFile(string Path, long Size, string Sha256);

/// <summary>How far a backup, a check or a restore is.</summary>
public sealed record BackupProgress(string What, long Done, long Total);

internal static class BackupFaults
{
    public static RelayException Unusable(string what, string vi, string en) => new(RelayFault.BackupUnusable, $"«{what}» {vi}.", $"«{what}» {en}.");
}
