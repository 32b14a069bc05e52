using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// SQLite's write-ahead log, which its one writer copies into the database and looks at what comes of it. Left to itself SQLite does that
/// inside a commit and says nothing of a sync that failed; nor of the sync of the folder that holds the log's name.
/// </summary>
/// <remarks>
/// Until a copy was written and synced without an error SQLite keeps the log as it is, and a later copy writes every page again: a sync that
/// failed loses nothing, whatever the next one says. The tests with failing disks show that.
/// </remarks>
internal sealed class SqliteLog(string path)
{
    /// <summary>The log is copied when it has grown by so many pages of 4 KiB: what SQLite would do by itself.</summary>
    private const int DuePages = 1000;

    private int copied;

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
        _ = raw.sqlite3_db_status(((SqliteConnection)connection).Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 0);
        if (written >= copied && written - copied < DuePages)
            return;
        copied = written;
        Run(connection, "PRAGMA wal_checkpoint(PASSIVE)"); // readers hold back a part of it: the next one copies that
    }

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
