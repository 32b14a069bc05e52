using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// The one writing connection of a node. Runs units of work that wait together in one transaction; runs them again when the disk was
/// full, another node was in the way, or the database server went away.
/// </summary>
internal sealed class GroupWriter(Dialect dialect, DiskReserve reserve, ILogger log) : IAsyncDisposable
{
    /// <summary>Two nodes meet on the same rows rarely; as often in a row as this, something else is wrong.</summary>
    private const int MostConflicts = 20;

    private DatabaseTransaction? transaction;
    private bool numbered;

    /// <summary>Opens the connection, waiting for a server that is not there yet.</summary>
    public async Task ConnectAsync(CancellationToken stop) =>
        transaction ??= new DatabaseTransaction(await Patience.OpenAsync(dialect, readOnly: false, log, stop), dialect, writing: true);

    /// <summary>Commits a group; when this returns it is durable. A unit that threw has left no trace and knows it.</summary>
    /// <returns>Whether it numbered anything at its end, such as events that others watch.</returns>
    public async Task<bool> CommitAsync(IReadOnlyList<Unit> group, CancellationToken stop)
    {
        var (conflicts, careful) = (0, false);
        numbered = false;
        while (true)
        {
            try
            {
                await ConnectAsync(stop);
                if (await RunAsync(transaction!, group, careful))
                    return numbered;
                careful = true; // one of them threw: again, each behind a savepoint
            }
            catch (Exception failure)
            {
                switch (transaction?.Judge(failure) ?? dialect.Judge(failure))
                {
                    case StorageFailure.DiskFull when reserve.Release():
                        log.LogWarning("The disk is full; the reserve is given up so that receipts and answers still commit.");
                        break;
                    case StorageFailure.DiskFull:
                        throw DiskReserve.Full(failure);
                    case StorageFailure.SyncFailed:
                        End(failure);
                        throw;
                    case StorageFailure.Broken:
                        throw Broken("what was to be written is not kept", failure);
                    case StorageFailure.Conflict when conflicts++ < MostConflicts:
                        await Task.Delay(Random.Shared.Next(1, 5 * conflicts), CancellationToken.None);
                        break;
                    case StorageFailure.Lost:
                        // Committed or not: every unit looks first whether it has happened already, as it must for a repeated call too.
                        log.LogWarning("The connection to the database was lost ({Why}); what waits is written again.", failure.Message);
                        await DropAsync();
                        break;
                    default:
                        throw;
                }
            }
        }
    }

    /// <summary>What the disk answered when it failed last; null = it never did.</summary>
    public string? Trouble { get; private set; }

    /// <summary>What the database wants done between commits; nobody waits for it, and nothing is lost when it fails.</summary>
    public void KeepUp()
    {
        try
        {
            if (transaction is { } tx)
                dialect.KeepUp?.Invoke(tx.Connection);
        }
        catch (Exception failure) when (dialect.Judge(failure) == StorageFailure.SyncFailed)
        {
            End(failure);
        }
        catch (System.Data.Common.DbException failure)
        {
            Broken("its log grows and keeps everything", failure);
        }
    }

    public ValueTask DisposeAsync() => new(DropAsync());

    /// <returns>False when a unit threw and nothing was committed.</returns>
    private async Task<bool> RunAsync(DatabaseTransaction tx, IReadOnlyList<Unit> group, bool careful)
    {
        await tx.ExecuteAsync(dialect.BeginWrite, CancellationToken.None);
        tx.EvidenceEnd = null;
        try
        {
            foreach (var unit in group)
            {
                if (careful)
                    await RunCarefullyAsync(tx, unit);
                else if (await unit.RunAsync(tx) is not null)
                {
                    await RollBackAsync(tx);
                    return false;
                }
            }

            numbered |= await tx.EndAsync(); // of an attempt whose answer was lost too: it may have been committed
            await tx.ExecuteAsync("COMMIT", CancellationToken.None);
        }
        catch
        {
            await RollBackAsync(tx);
            throw;
        }

        if (tx.EvidenceEnd is { } end)
            tx.Issued?.Reached(end);
        return true;
    }

    private async Task RunCarefullyAsync(DatabaseTransaction tx, Unit unit)
    {
        var before = tx.Point;
        await tx.ExecuteAsync("SAVEPOINT unit", CancellationToken.None);
        var failure = await unit.RunAsync(tx);
        if (failure == StorageFailure.Duplicate)
        {
            // Another node was first, and now its rows can be seen: the same work takes the other turn.
            await BackAsync();
            failure = await unit.RunAsync(tx);
        }

        if (failure is not null)
            await BackAsync();
        await tx.ExecuteAsync("RELEASE SAVEPOINT unit", CancellationToken.None);

        async Task BackAsync()
        {
            tx.Forget(before);
            await tx.ExecuteAsync("ROLLBACK TO SAVEPOINT unit", CancellationToken.None);
        }
    }

    private static void End(Exception failure) => DurableFolder.End(new IOException($"The disk refused to make the database durable ({failure.Message}).", failure));

    private RelayException Broken(string consequence, Exception failure)
    {
        Trouble = failure.Message;
        log.LogError(failure, "The disk below the database fails ({Why}): {Consequence}. Check the disk.", failure.Message, consequence);
        return DiskReserve.Broken(failure);
    }

    private async Task RollBackAsync(DatabaseTransaction tx)
    {
        tx.Forget((0, null));
        try
        {
            await tx.ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
        catch (Exception over) when (over is System.Data.Common.DbException or InvalidOperationException or IOException)
        {
            // SQLite has rolled back by itself when the disk is full; a connection that is gone has nothing to roll back.
        }
    }

    private async Task DropAsync()
    {
        if (transaction is { } gone)
        {
            transaction = null;
            await gone.DisposeAsync();
        }
    }
}
