using Microsoft.Data.Sqlite;

namespace VanBanDienTu.Relay.Storage;

/// <summary>How this product opens SQLite: write-ahead log, every commit synced.</summary>
internal static class SqliteFile
{
    /// <summary>SQLITE_FULL.</summary>
    internal const int DiskFull = 13;

    private const int IoErrorFsync = 1034;
    private const int IoErrorFolderFsync = 1290;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(string path, bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        Run(connection, "PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
        if (!readOnly)
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        return connection;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>After a failed sync nobody knows what the disk holds: the kernel may have dropped the pages and say yes next time.</summary>
    public static void EndProcessIfSyncFailed(SqliteException failure)
    {
        if (failure.SqliteExtendedErrorCode is IoErrorFsync or IoErrorFolderFsync)
            Environment.FailFast($"The disk refused to make the database durable ({failure.Message}). Check the disk, then start again.", failure);
    }
}
