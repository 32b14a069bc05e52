using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Connections that only read, kept open with their prepared statements.</summary>
internal sealed class ReaderPool(Dialect dialect, ILogger log)
{
    /// <summary>More would only wait for one another on the processor, and a server counts its connections.</summary>
    private const int MostReaders = 16;

    private readonly SemaphoreSlim free = new(MostReaders);
    private readonly ConcurrentBag<DatabaseTransaction> idle = [];
    private volatile bool closed;

    /// <summary>Reads one consistent state; a reader whose server went away is replaced once.</summary>
    /// <param name="single">The work is one statement.</param>
    public async Task<T> ReadAsync<T>(Func<DatabaseTransaction, Task<T>> work, bool single, CancellationToken ct)
    {
        await free.WaitAsync(ct);
        try
        {
            return await ReadTwiceAsync(work, single, ct);
        }
        finally
        {
            free.Release();
        }
    }

    private async Task<T> ReadTwiceAsync<T>(Func<DatabaseTransaction, Task<T>> work, bool single, CancellationToken ct)
    {
        for (var second = false; ; second = true)
        {
            var reader = await IdleAsync() ?? new DatabaseTransaction(await Patience.OpenAsync(dialect, readOnly: true, log, ct), dialect, writing: false);
            try
            {
                return await ReadAsync(reader, work, single, ct);
            }
            catch (Exception e) when (dialect.Judge(e) == StorageFailure.Lost)
            {
                await CloseIdleAsync(); // the others are as dead
                if (second)
                    throw Patience.Unavailable(e);
            }
            catch (Exception e) when (dialect.Judge(e) == StorageFailure.Broken)
            {
                throw DiskReserve.Broken(e);
            }
        }
    }

    public async Task CloseAsync()
    {
        closed = true;
        await CloseIdleAsync();
    }

    private async Task<T> ReadAsync<T>(DatabaseTransaction reader, Func<DatabaseTransaction, Task<T>> work, bool single, CancellationToken ct)
    {
        var usable = false;
        try
        {
            if (single)
                reader.AllowOne();
            else
                await reader.ExecuteAsync(dialect.BeginRead, ct);
            T result;
            try
            {
                result = await work(reader);
            }
            catch (Exception e) when (dialect.Judge(e) == StorageFailure.Work)
            {
                if (!single)
                    await reader.ExecuteAsync("ROLLBACK", CancellationToken.None);
                usable = true;
                throw;
            }

            if (!single)
                await reader.ExecuteAsync("COMMIT", CancellationToken.None);
            usable = true;
            return result;
        }
        finally
        {
            reader.AllowAll();
            if (usable)
                idle.Add(reader);
            else
                await reader.DisposeAsync();
            if (closed)
                await CloseIdleAsync();
        }
    }

    /// <summary>One that is still open: a server that goes away closes them while nobody looks.</summary>
    private async Task<DatabaseTransaction?> IdleAsync()
    {
        while (idle.TryTake(out var reader))
        {
            if (reader.IsOpen)
                return reader;
            await reader.DisposeAsync();
        }

        return null;
    }

    private async Task CloseIdleAsync()
    {
        while (idle.TryTake(out var reader))
            await reader.DisposeAsync();
    }
}
