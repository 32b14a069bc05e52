using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Backup;

/// <summary>
/// Copies an embedded node while it runs, or while it does not: one state of its database, then every payload that this state names.
/// Payloads are durable before a row names them, never change, and are never deleted while named: so the copy is whole, whatever happens meanwhile.
/// </summary>
public static class NodeBackup
{
    private const int PagesAtOnce = 256;
    private const int BufferBytes = 256 << 10;

    /// <param name="dataFolder">The node's.</param>
    /// <param name="target">A new or empty folder.</param>
    /// <param name="keyFiles">Files of keys to be copied too; null or empty = none.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>: the target is not empty; <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public static async Task<BackupManifest> MakeAsync(
        string dataFolder, string target, (string Node, string Organ, string Program) about, IReadOnlyList<string> keyFiles, IProgress<BackupProgress>? progress,
        TimeProvider time, CancellationToken ct)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw BackupFaults.Unusable(target, "không trống: chọn thư mục mới", "is not empty: choose a new folder");
        if (!File.Exists(Path.Combine(dataFolder, StoredData.FileName)))
            throw BackupFaults.Unusable(dataFolder, "không có dữ liệu của nút nhúng (SQLite); với PostgreSQL hãy dùng pg_dump hoặc pg_basebackup", "holds no embedded node's data (SQLite); with PostgreSQL use pg_dump or pg_basebackup");
        DurableFolder.Create(target);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var created = time.GetUtcNow(); // before the copied state: whoever asks «since then» misses nothing
        var database = Path.Combine(target, StoredData.FileName);
        CopyDatabase(Path.Combine(dataFolder, StoredData.FileName), database, progress, ct);
        var (named, chains) = await ReadAsync(target, ct);
        List<BackupFile> files = [await HashAsync(target, StoredData.FileName, ct)];
        files.AddRange(await CopyFilesAsync(dataFolder, target, named, progress, ct));
        foreach (var key in keyFiles)
            files.Add(await CopyAsync(key, target, Path.Combine("keys", Path.GetFileName(key)), null, ct));
        var keys = (await KeysInUse.ReadAsync(target, null, ct) ?? []).Where(k => k.Payloads > 0).Select(k => k.Id).ToList();
        var manifest = new BackupManifest(1, about.Node, about.Organ, about.Program, created, chains, keys, files);
        await PutAsync(Path.Combine(target, BackupManifest.FileName), manifest.ToJson(), ct);
        return manifest;
    }

    /// <summary>SQLite's own backup, some pages at a time inside one read: the node goes on writing meanwhile, and the copy is the state at the begin.</summary>
    private static void CopyDatabase(string from, string to, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        try
        {
            using var source = SqliteFile.Open(from, readOnly: true);
            using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
            target.Open();
            using var reading = source.BeginTransaction(deferred: true);
            using (var pin = source.CreateCommand())
            {
                (pin.CommandText, pin.Transaction) = ("SELECT COUNT(*) FROM migration", reading);
                pin.ExecuteScalar();
            }

            using var copying = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
            int answer;
            do
            {
                ct.ThrowIfCancellationRequested();
                answer = raw.sqlite3_backup_step(copying, PagesAtOnce);
                var (total, left) = (raw.sqlite3_backup_pagecount(copying), raw.sqlite3_backup_remaining(copying));
                progress?.Report(new BackupProgress(StoredData.FileName, (total - left) * 4096L, total * 4096L));
            }
            while (answer == raw.SQLITE_OK);
            if (answer != raw.SQLITE_DONE)
                throw new IOException($"SQLite answers {answer}.");
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            throw new RelayException(RelayFault.StorageUnavailable, $"Không sao chép được {from}: {e.Message}", $"{from} cannot be copied: {e.Message}", e);
        }

        using (var settle = SqliteFile.Open(to, readOnly: false))
        using (var journal = settle.CreateCommand())
        {
            journal.CommandText = "PRAGMA journal_mode = DELETE"; // one file, with nothing beside it
            journal.ExecuteNonQuery();
        }

        using var file = File.OpenHandle(to, FileMode.Open, FileAccess.ReadWrite);
        DurableFolder.SyncOrEnd(file, to);
    }

    private static async Task<(List<KeptPayload> Named, List<BackupChain> Chains)> ReadAsync(string target, CancellationToken ct) =>
        (await StoredData.ReadAsync<Tuple<List<KeptPayload>, List<BackupChain>>>(target, null, async tx =>
        {
            var named = await KeptPayload.OutsideAsync(tx, ct);
            var chains = new List<BackupChain>();
            foreach (var node in await tx.QueryAsync("SELECT DISTINCT node FROM evidence ORDER BY node", row => row.Text(0), ct))
            {
                var (sequence, hash) = await EvidenceChain.LastAsync(tx, node, ct);
                chains.Add(new BackupChain(node, sequence, hash));
            }

            return Tuple.Create(named, chains);
        }, ct))!.ToValueTuple();

    private static async Task<List<BackupFile>> CopyFilesAsync(
        string from, string target, List<KeptPayload> named, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        // A segment file is still being written to: only what the copied rows name is durable, and it is all that is needed.
        var wanted = named.GroupBy(p => p.File, StringComparer.Ordinal).Select(g => (File: g.Key, Length: (long?)g.Max(p => p.From + p.Length))).ToList();
        var far = Path.Combine(from, "far");
        if (Directory.Exists(far))
            wanted.AddRange(Directory.EnumerateFiles(far).Select(f => (Path.Combine("far", Path.GetFileName(f)), (long?)null)));
        var (done, total, copied) = (0L, wanted.Sum(w => w.Length ?? 0), new List<BackupFile>());
        foreach (var (file, length) in wanted)
        {
            try
            {
                copied.Add(await CopyAsync(Path.Combine(from, file), target, file, length, ct));
            }
            catch (FileNotFoundException) when (length is null)
            {
                // A raw packet that was taken meanwhile: its messages are in the node.
            }

            done += length ?? 0;
            progress?.Report(new BackupProgress(file, done, total));
        }

        foreach (var folder in copied.Select(f => Path.GetDirectoryName(Path.Combine(target, f.Path))!).Distinct(StringComparer.Ordinal))
            DurableFolder.Sync(folder);
        return copied;
    }

    /// <summary>Copies a file while it hashes it; durable when this returns.</summary>
    internal static async Task<BackupFile> CopyAsync(string from, string folder, string name, long? length, CancellationToken ct)
    {
        var target = Path.Combine(folder, name);
        DurableFolder.Create(Path.GetDirectoryName(target)!);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous);
            await using var copy = new FileStream(target, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous,
            });
            var left = length ?? long.MaxValue;
            while (left > 0 && await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await copy.WriteAsync(buffer.AsMemory(0, count), ct);
                left -= count;
            }

            if (length is not null && left > 0)
                throw BackupFaults.Unusable(from, "ngắn hơn phần mà cơ sở dữ liệu nêu", "is shorter than what the database names of it");
            DurableFolder.SyncOrEnd(copy.SafeFileHandle, target);
            return new BackupFile(name, copy.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static async Task<BackupFile> HashAsync(string folder, string name, CancellationToken ct)
    {
        await using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        return new BackupFile(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }

    private static async Task PutAsync(string path, byte[] bytes, CancellationToken ct)
    {
        var temporary = path + ".part";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(bytes, ct);
            await file.FlushAsync(ct);
            DurableFolder.SyncOrEnd(file.SafeFileHandle, temporary);
        }

        File.Move(temporary, path);
        DurableFolder.Sync(Path.GetDirectoryName(path)!);
    }
}
