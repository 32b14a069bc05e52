using System.Net.Sockets;
using Npgsql;

namespace VanBanDienTu.Relay.Storage;

/// <summary>A PostgreSQL database (15 or newer) that one or several nodes share.</summary>
public sealed class PostgresStorage : IAsyncDisposable
{
    // Advisory locks, «vbdt» and a number: other programs on the same database are unlikely to use them.
    private const long MigrationKey = 0x76626474_0001;
    private const long OrderKey = 0x76626474_0002;

    // A node that stands still in a transaction must not hold its locks for ever. Every statement has an index to walk and every join is by a key:
    // a planner that last looked when little waited would read whole tables, for as long as the backlog that it does not know of grows. jit=off: the
    // penalty that forbids a scan would have the statement of a small table without an index compiled.
    private const string Settings = "-c idle_in_transaction_session_timeout=10000 -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <param name="connection">Npgsql's «Host=…;Database=…;Username=…;Password=…»; it is a secret and never shown.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: the text is not a connection string.</exception>
    public PostgresStorage(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection)
            {
                Options = Settings,
                MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, KeepAlive = 5, Timeout = 5, IncludeErrorDetail = false,
            };
            Source = NpgsqlDataSource.Create(settings);
            Unhurried = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Options = $"{settings.Options} -c synchronous_commit=off".Trim() });
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new RelayException(
                RelayFault.StorageUnavailable,
                "Chuỗi kết nối PostgreSQL không đúng dạng «Host=…;Database=…;Username=…;Password=…».", // the text itself stays unsaid: it holds a password
                "The PostgreSQL connection string does not look like «Host=…;Database=…;Username=…;Password=…».");
        }
    }

    /// <summary>Nodes go by their own clocks: for tests that stand the clock still.</summary>
    internal bool OwnClocks { get; init; }

    internal NpgsqlDataSource Source { get; }

    /// <summary>Connections whose commits do not wait for the disk; what must hold is committed after them by <see cref="Source"/>.</summary>
    internal NpgsqlDataSource Unhurried { get; }

    internal Dialect Dialect(string node, TimeProvider time) => new()
    {
        Node = node,
        Time = time,
        OpenAsync = async (_, ct) => await Source.OpenConnectionAsync(ct),
        Judge = Judge,
        BeginWrite = "BEGIN",
        BeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Shared = true,
        Blob = "bytea",
        MigrationLock = ($"SELECT pg_advisory_lock({MigrationKey})", $"SELECT pg_advisory_unlock({MigrationKey})"),
        OrderLock = $"SELECT pg_advisory_xact_lock({OrderKey})",
        Clock = OwnClocks ? null : "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)",
        ServerStarted = OwnClocks ? null : "SELECT CAST(EXTRACT(EPOCH FROM pg_postmaster_start_time()) * 1000 AS bigint)",
    };

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Unhurried.DisposeAsync();
    }

    /// <summary>Runs one statement outside the group writer.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    internal static async Task<T> TranslatedAsync<T>(Func<Task<T>> statement)
    {
        try
        {
            return await statement();
        }
        catch (Exception e) when (Judge(e) is StorageFailure.DiskFull or StorageFailure.Lost or StorageFailure.Broken)
        {
            throw Translation(e);
        }
    }

    /// <inheritdoc cref="TranslatedAsync"/>
    internal static T Translated<T>(Func<T> statement)
    {
        try
        {
            return statement();
        }
        catch (Exception e) when (Judge(e) is StorageFailure.DiskFull or StorageFailure.Lost or StorageFailure.Broken)
        {
            throw Translation(e);
        }
    }

    private static RelayException Translation(Exception failure) => Judge(failure) switch
    {
        StorageFailure.DiskFull => DiskReserve.Full(failure),
        StorageFailure.Broken => DiskReserve.Broken(failure),
        _ => Patience.Unavailable(failure),
    };

    private static StorageFailure Judge(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => StorageFailure.Duplicate,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => StorageFailure.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StorageFailure.DiskFull,
        // Class 57: the server shuts down, crashed or starts; class 08: the connection; 53300: too many connections, also over soon.
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] or PostgresErrorCodes.TooManyConnections } => StorageFailure.Lost,
        // Classes 22, 23 and 42: bad data, a broken rule, a bad statement; the unit's own fault.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['4', '2', ..] } => StorageFailure.Work,
        // Class 58: the server's own disk; XX001 and XX002: damaged pages.
        PostgresException { SqlState: ['5', '8', ..] or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } => StorageFailure.Broken,
        // What else ends the session, such as a full disk below the catalogue's cache: XX000, FATAL.
        PostgresException { SqlState: PostgresErrorCodes.InternalError, InvariantSeverity: "FATAL" or "PANIC" } => StorageFailure.Lost,
        PostgresException => StorageFailure.Other,
        NpgsqlException or SocketException or TimeoutException => StorageFailure.Lost,
        _ => StorageFailure.Work,
    };
}
