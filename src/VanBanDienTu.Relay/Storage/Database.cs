using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// The embedded database: one writer that commits what waits together (one sync for many units of work), many readers.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>Units of work that share one commit, at most. None waits for company: what queued during the last commit goes together.</summary>
    private const int GroupSize = 128;

    private readonly Channel<Unit> queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly ConcurrentBag<(SqliteConnection Connection, DatabaseTransaction Transaction)> readers = [];
    private readonly string path;
    private readonly SqliteConnection connection;
    private readonly DatabaseTransaction transaction;
    private readonly DiskReserve reserve;
    private readonly ILogger log;
    private readonly Task writer;
    private long commits;
    private volatile bool closed;

    private Database(string path, SqliteConnection connection, DiskReserve reserve, ILogger log)
    {
        (this.path, this.connection, this.reserve, this.log) = (path, connection, reserve, log);
        transaction = new DatabaseTransaction(connection);
        writer = Task.Run(WriteLoopAsync);
    }

    /// <summary>Raised after every commit.</summary>
    internal Signal Committed { get; } = new();

    /// <summary>Commits so far, each one sync of the log.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Opens or creates the database and brings it up to date.</summary>
    /// <param name="maxPages">The database refuses to grow beyond this many pages of 4 KiB; 0 = no limit.</param>
    internal static Database Open(string path, DiskReserve reserve, TimeProvider time, ILogger log, long maxPages = 0)
    {
        var opened = SqliteFile.Open(path, readOnly: false);
        Migrations.Apply(opened, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (maxPages > 0)
            SqliteFile.Run(opened, $"PRAGMA max_page_count = {maxPages}");
        return new Database(path, opened, reserve, log);
    }

    /// <summary>Runs the work in a transaction; the answer comes when it is durable. Work that throws leaves no trace.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>.</exception>
    public async Task<T> WriteAsync<T>(Func<DatabaseTransaction, Task<T>> work, CancellationToken ct = default)
    {
        var unit = new Unit<T>(work, ct);
        try
        {
            await queue.Writer.WriteAsync(unit, ct);
        }
        catch (ChannelClosedException stopping)
        {
            throw Stopped(stopping);
        }

        return await unit.Answer;
    }

    /// <summary>Reads one consistent state of the database.</summary>
    public async Task<T> ReadAsync<T>(Func<DatabaseTransaction, Task<T>> work, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        ct.ThrowIfCancellationRequested();
        if (!readers.TryTake(out var reader))
        {
            var opened = SqliteFile.Open(path, readOnly: true);
            reader = (opened, new DatabaseTransaction(opened));
        }

        try
        {
            await reader.Transaction.ExecuteAsync("BEGIN", ct);
            return await work(reader.Transaction);
        }
        finally
        {
            await reader.Transaction.ExecuteAsync("COMMIT", CancellationToken.None);
            readers.Add(reader);
            if (closed)
                CloseReaders();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (closed)
            return;
        closed = true;
        queue.Writer.TryComplete();
        await writer;
        CloseReaders();
        await connection.DisposeAsync();
    }

    /// <summary>What a killed process does: waiting work is dropped, nothing is tidied.</summary>
    internal async Task AbandonAsync()
    {
        closed = true;
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var unit))
            unit.Fail(Stopped(null));
        await writer;
        CloseReaders();
        await connection.DisposeAsync();
    }

    private static ObjectDisposedException Stopped(Exception? cause) => new("The node is stopping; nothing of this request was kept.", cause);

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader))
            reader.Connection.Dispose();
    }

    private async Task WriteLoopAsync()
    {
        var group = new List<Unit>(GroupSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < GroupSize && queue.Reader.TryRead(out var unit))
            {
                if (!unit.Cancelled())
                    group.Add(unit);
            }

            if (group.Count > 0)
                await CommitAsync(group);
        }
    }

    private async Task CommitAsync(List<Unit> group)
    {
        try
        {
            try
            {
                await RunAsync(group);
            }
            catch (SqliteException full) when (full.SqliteErrorCode == SqliteFile.DiskFull && reserve.Release())
            {
                log.LogWarning("The disk is full; the reserve is given up so that receipts and answers still commit.");
                await RunAsync(group);
            }

            Interlocked.Increment(ref commits);
            SyncCount.Add();
            foreach (var unit in group)
                unit.Complete();
            Committed.Raise();
        }
        catch (Exception failure)
        {
            if (failure is SqliteException sqlite)
                SqliteFile.EndProcessIfSyncFailed(sqlite);
            foreach (var unit in group)
                unit.Fail(failure is SqliteException { SqliteErrorCode: SqliteFile.DiskFull } ? DiskReserve.Full(failure) : failure);
        }
    }

    private async Task RunAsync(List<Unit> group)
    {
        await transaction.ExecuteAsync("BEGIN IMMEDIATE", CancellationToken.None);
        try
        {
            foreach (var unit in group)
            {
                await transaction.ExecuteAsync("SAVEPOINT unit", CancellationToken.None);
                if (!await unit.RunAsync(transaction))
                    await transaction.ExecuteAsync("ROLLBACK TO unit", CancellationToken.None);
                await transaction.ExecuteAsync("RELEASE unit", CancellationToken.None);
            }

            await transaction.ExecuteAsync("COMMIT", CancellationToken.None);
        }
        catch
        {
            await RollBackAsync();
            throw;
        }
    }

    private async Task RollBackAsync()
    {
        try
        {
            await transaction.ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back by itself; that is what it does when the disk is full.
        }
    }
}
