using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// SQLite's write-ahead log, which is copied into the database beside the commits, and what comes of it looked at. Left to itself SQLite does
/// that inside a commit, which makes who waits for it wait for thousands of pages, and says nothing of a sync that failed; nor of the sync of
/// the folder that holds the log's name.
/// </summary>
/// <remarks>
/// SQLite syncs the database only when no commit came during the copy; it begins the log anew only behind such a copy. So the writer itself
/// copies what is left when the long copy has ended, and finds it small and the rest synced. A sync that fails ends the process, and the next
/// one copies the whole log again (<see cref="Settle"/>): nothing is lost, whatever a later sync says. The tests with failing disks show that.
/// </remarks>
internal sealed class SqliteLog(string path)
{
    /// <summary>The log is copied when it has grown by so many pages of 4 KiB: what SQLite would do by itself.</summary>
    private const int DuePages = 1000;

    private int copied;
    private Task? copying;
    private SqliteConnection? copier;
    private SafeFileHandle? database;

    /// <summary>Before anything is answered: what an earlier process wrote, and may have been ended before it synced, is made durable.</summary>
    /// <exception cref="SqliteException">It could not be.</exception>
    public void Settle(DbConnection connection)
    {
        Run(connection, "SELECT COUNT(*) FROM sqlite_schema"); // the log's file is there from now on
        DurableFolder.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!, DistrustNew);
        // Copied, not only synced: of pages that an earlier sync failed for the kernel says that they are written.
        Run(connection, "PRAGMA wal_checkpoint(FULL)");
    }

    /// <summary>After a commit, when its callers have their answers.</summary>
    /// <inheritdoc cref="Settle"/>
    public void KeepUp(DbConnection connection)
    {
        if (copying is { IsCompleted: false })
            return;
        _ = raw.sqlite3_db_status(((SqliteConnection)connection).Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 0);
        if (copying is { } ended)
        {
            copying = null;
            copied = written;
            ended.GetAwaiter().GetResult();
            Copy(connection);
        }
        else if (written < copied || written - copied >= DuePages)
            copying = Task.Run(CopyBeside);
    }

    /// <summary>After the last connection was closed.</summary>
    public void Close()
    {
        copying?.ContinueWith(_ => { }, TaskScheduler.Default).Wait(); // what it met keeps the log as it is
        copier?.Dispose();
        database?.Dispose();
        (copying, copier, database) = (null, null, null);
    }

    /// <summary>The file stays open as long as SQLite's own: to close it would end SQLite's locks on it (POSIX, fcntl).</summary>
    private void CopyBeside()
    {
        copier ??= SqliteFile.Open(path, readOnly: false);
        database ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Copy(copier);
        DurableFolder.SyncOrEnd(database, path);
    }

    /// <summary>Readers hold back a part of it: the next one copies that.</summary>
    private static void Copy(DbConnection connection) => Run(connection, "PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>What this start made is made anew by the next one; a database of one page too, since the end of its first journal is not durable either.</summary>
    private void DistrustNew()
    {
        if (new FileInfo(path + "-wal") is not { Exists: true, Length: 0 } log)
            return;
        log.Delete();
        if (new FileInfo(path) is { Length: <= 4096 } database)
            database.Delete();
    }

    private static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
