using System.Net.Sockets;
using Npgsql;

namespace VanBanDienTu.Relay.Storage;

/// <summary>A PostgreSQL database (15 or newer) that one or several nodes share.</summary>
public sealed class PostgresStorage : IAsyncDisposable
{
    // Advisory locks, «vbdt» and a number: other programs on the same database are unlikely to use them.
    private const long MigrationKey = 0x76626474_0001;
    private const long OrderKey = 0x76626474_0002;

    private readonly NpgsqlDataSource source;

    /// <param name="connection">Npgsql's «Host=…;Database=…;Username=…;Password=…»; it is a secret and never shown.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: the text is not a connection string.</exception>
    public PostgresStorage(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection)
            {
                MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, KeepAlive = 5, Timeout = 5, IncludeErrorDetail = false,
            };
            source = NpgsqlDataSource.Create(settings);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new RelayException(
                RelayFault.StorageUnavailable,
                "Chuỗi kết nối PostgreSQL không đúng dạng «Host=…;Database=…;Username=…;Password=…».", // the text itself stays unsaid: it holds a password
                "The PostgreSQL connection string does not look like «Host=…;Database=…;Username=…;Password=…».");
        }
    }

    internal NpgsqlDataSource Source => source;

    internal Dialect Dialect(string node, TimeProvider time) => new()
    {
        Node = node,
        Time = time,
        OpenAsync = async (_, ct) => await source.OpenConnectionAsync(ct),
        Judge = Judge,
        BeginWrite = "BEGIN",
        BeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Shared = true,
        Blob = "bytea",
        MigrationLock = ($"SELECT pg_advisory_lock({MigrationKey})", $"SELECT pg_advisory_unlock({MigrationKey})"),
        OrderLock = $"SELECT pg_advisory_xact_lock({OrderKey})",
        Clock = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)",
    };

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static StorageFailure Judge(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => StorageFailure.Duplicate,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => StorageFailure.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StorageFailure.DiskFull,
        // Class 57: the server shuts down, crashed or starts; class 08: the connection; 53300: too many connections, also over soon.
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] or PostgresErrorCodes.TooManyConnections } => StorageFailure.Lost,
        // Classes 22, 23 and 42: bad data, a broken rule, a bad statement; the unit's own fault.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['4', '2', ..] } => StorageFailure.Work,
        PostgresException => StorageFailure.Other,
        NpgsqlException or SocketException or TimeoutException => StorageFailure.Lost,
        _ => StorageFailure.Work,
    };
}
