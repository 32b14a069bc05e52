using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace VanBanDienTu.Relay.Storage;

/// <summary>How this product opens SQLite: write-ahead log, every commit synced.</summary>
internal static class SqliteFile
{
    private const int Constraint = 19;
    private const int DiskFull = 13;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int IoErrorFsync = 1034;
    private const int IoErrorFolderFsync = 1290;

    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG: a statement's plan does not depend on the values bound to it.</summary>
    private const int StablePlans = 1007;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <param name="maxPages">The database refuses to grow beyond this many pages of 4 KiB; 0 = no limit.</param>
    public static Dialect Dialect(string path, string node, TimeProvider time, long maxPages = 0)
    {
        var log = new SqliteLog(path);
        return new()
        {
            Node = node,
            Time = time,
            OpenAsync = (readOnly, _) => Task.FromResult<DbConnection>(Open(path, readOnly, maxPages)),
            Settle = log.Settle,
            KeepUp = log.KeepUp,
            Close = log.Close,
            Judge = Judge,
            BeginWrite = "BEGIN IMMEDIATE",
            BeginRead = "BEGIN",
            Shared = false,
            Blob = "blob",
            MigrationLock = ("", ""), // the folder belongs to one process
        };
    }

    public static SqliteConnection Open(string path, bool readOnly, long maxPages = 0)
    {
        if (!readOnly && !File.Exists(path))
        {
            File.Create(path).Dispose();
            DurableFolder.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!, () => File.Delete(path)); // SQLite would ignore what comes of it
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        // Otherwise a plan that looked at a value (a partial index, a range) is made again at every call.
        _ = raw.sqlite3_db_config(connection.Handle, StablePlans, 1, out _);
        Run(connection, "PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
        if (!readOnly)
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
        if (maxPages > 0)
            Run(connection, $"PRAGMA max_page_count = {maxPages}");
        return connection;
    }

    private static StorageFailure Judge(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: Constraint } => StorageFailure.Work, // one writer: nobody else was first
        SqliteException { SqliteErrorCode: DiskFull } => StorageFailure.DiskFull,
        SqliteException { SqliteExtendedErrorCode: IoErrorFsync or IoErrorFolderFsync } => StorageFailure.SyncFailed,
        SqliteException { SqliteErrorCode: IoError or Corrupt or NotADatabase or ReadOnly or CannotOpen } => StorageFailure.Broken,
        SqliteException => StorageFailure.Other,
        _ => StorageFailure.Work,
    };

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
