using System.Data.Common;

namespace VanBanDienTu.Relay.Storage;

/// <summary>What a database's error means for the work that met it.</summary>
internal enum StorageFailure
{
    /// <summary>None of the database's: the work itself threw, or broke a rule of its own.</summary>
    Work,

    /// <summary>A unique key exists already; on a shared database another node may have been first a moment ago.</summary>
    Duplicate,

    /// <summary>Two nodes stood in each other's way; the same work passes when it is run again.</summary>
    Conflict,

    DiskFull,

    /// <summary>Nobody knows what the disk holds now.</summary>
    SyncFailed,

    /// <summary>The disk below the database fails, or what it holds is damaged.</summary>
    Broken,

    /// <summary>The connection is gone, and with it what was not committed.</summary>
    Lost,

    /// <summary>Anything else; it concerns the whole group.</summary>
    Other,
}

/// <summary>In what SQLite and PostgreSQL differ; all other SQL is one text for both.</summary>
internal sealed record Dialect
{
    /// <summary>The node whose work this is.</summary>
    public required string Node { get; init; }

    /// <summary>The node's own clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What payloads in rows are sealed with.</summary>
    public AtRest.KeyRing Keys { get; init; } = AtRest.KeyRing.Empty;

    /// <summary>How far the node's evidence was given out; null where none is.</summary>
    public Evidence.IssuedMark? Issued { get; init; }

    /// <summary>Opens one connection, for writing or for reading only.</summary>
    public required Func<bool, CancellationToken, Task<DbConnection>> OpenAsync { get; init; }

    /// <summary>Done with the first writing connection, before migrations and anything else.</summary>
    public Action<DbConnection>? Settle { get; init; }

    /// <summary>Done with the writing connection between commits.</summary>
    public Action<DbConnection>? KeepUp { get; init; }

    /// <summary>Done when all connections are closed.</summary>
    public Action? Close { get; init; }

    public required Func<Exception, StorageFailure> Judge { get; init; }

    public required string BeginWrite { get; init; }

    public required string BeginRead { get; init; }

    /// <summary>Several nodes work on this database: rows are locked, and what was missing a moment ago may be there now.</summary>
    public required bool Shared { get; init; }

    /// <summary>The type of a column of bytes.</summary>
    public required string Blob { get; init; }

    /// <summary>Statements around the migrations, so that one process at a time runs them.</summary>
    public required (string Before, string After) MigrationLock { get; init; }

    /// <summary>Taken until the end of a transaction by who numbers rows in an order that all nodes share; null = there is one node.</summary>
    public string? OrderLock { get; init; }

    /// <summary>Milliseconds since 1970 on the clock that leases run on; null = the process's own.</summary>
    public string? Clock { get; init; }

    /// <summary>When the server was started, on <see cref="Clock"/>; null = there is none.</summary>
    public string? ServerStarted { get; init; }
}
