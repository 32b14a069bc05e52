using System.Text.Json;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Backup;

/// <summary>
/// Puts a checked backup in place of a node's data. The node finds a mark there: it was restored, and must ask its peers what it did since the
/// backup was made before it acknowledges anything that may be old.
/// </summary>
public static class NodeRestore
{
    /// <param name="dataFolder">The node's; absent or empty. It appears whole or not at all.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>.</exception>
    public static async Task<BackupFindings> RunAsync(
        string backup, string dataFolder, (string Node, string Organ) expected, KeyRing keys, IProgress<BackupProgress>? progress, TimeProvider time, CancellationToken ct)
    {
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
            throw BackupFaults.Unusable(dataFolder, "không trống: dừng nút rồi chuyển thư mục cũ đi chỗ khác trước", "is not empty: stop the node and move the old folder away first");
        var findings = await BackupCheck.RunAsync(backup, keys, progress, ct);
        var manifest = findings.Manifest;
        if (!findings.Good)
            throw BackupFaults.Unusable(backup, $"không dùng được: {findings.Problems[0].Vi}", $"cannot be used: {findings.Problems[0].En}");
        if (manifest.Node != expected.Node || manifest.Organ != expected.Organ)
        {
            throw BackupFaults.Unusable(
                backup, $"là của nút {manifest.Node} ({manifest.Organ}), còn cấu hình là của {expected.Node} ({expected.Organ})",
                $"is of node {manifest.Node} ({manifest.Organ}); the configuration is of {expected.Node} ({expected.Organ})");
        }

        if (manifest.KeyIds.Except(keys.Ids, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            throw KeyRing.Missing(missing);
        await PlaceAsync(backup, manifest, dataFolder, progress, time, ct);
        return findings;
    }

    /// <summary>Says that a database was put back by other means (PostgreSQL: pg_restore or a base backup), for each node that works on it.</summary>
    /// <param name="backupMade">The instant of the state that was put back.</param>
    public static void Mark(string dataFolder, DateTimeOffset backupMade, TimeProvider time)
    {
        DurableFolder.Create(dataFolder);
        RestoreMark.Write(dataFolder, new RestoreMark(backupMade, time.GetUtcNow()));
    }

    private static async Task PlaceAsync(
        string backup, BackupManifest manifest, string dataFolder, IProgress<BackupProgress>? progress, TimeProvider time, CancellationToken ct)
    {
        var staging = Path.TrimEndingDirectorySeparator(dataFolder) + ".restoring";
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true); // of a restore that did not end
        DurableFolder.Create(staging);
        var files = manifest.Files.Where(f => !f.Path.StartsWith("keys/", StringComparison.Ordinal)).ToList();
        var (done, total) = (0L, files.Sum(f => f.Size));
        foreach (var file in files)
        {
            if (await NodeBackup.CopyAsync(Path.Combine(backup, file.Path), staging, file.Path, null, ct) != file)
                throw BackupFaults.Unusable(backup, $"thay đổi khi đang được đọc: {file.Path}", $"changed while it was read: {file.Path}");
            done += file.Size;
            progress?.Report(new BackupProgress(file.Path, done, total));
        }

        foreach (var folder in Directory.EnumerateDirectories(staging, "*", SearchOption.AllDirectories))
            DurableFolder.Sync(folder);
        RestoreMark.Write(staging, new RestoreMark(manifest.Created, time.GetUtcNow()));
        if (Directory.Exists(dataFolder))
            Directory.Delete(dataFolder); // empty, or this fails
        Directory.Move(staging, dataFolder);
        DurableFolder.Sync(Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(dataFolder)))!);
    }
}

/// <summary>A file in a data folder that says: this is an older state.</summary>
/// <param name="Backup">The instant of the state that was put back.</param>
/// <param name="Restored">When that was done.</param>
internal sealed record RestoreMark(DateTimeOffset Backup, DateTimeOffset Restored)
{
    private const string FileName = "restored.json";

    /// <summary>Null when the folder was not restored, or that was dealt with.</summary>
    public static RestoreMark? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<RestoreMark>(File.ReadAllBytes(path)) : null;
    }

    public static void Write(string folder, RestoreMark mark)
    {
        var path = Path.Combine(folder, FileName);
        var unfinished = path + ".part";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(mark));
            file.Flush();
            DurableFolder.SyncOrEnd(file.SafeFileHandle, unfinished);
        }

        File.Move(unfinished, path, overwrite: true);
        DurableFolder.Sync(folder);
    }

    public static void Remove(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        DurableFolder.Sync(folder);
    }
}
