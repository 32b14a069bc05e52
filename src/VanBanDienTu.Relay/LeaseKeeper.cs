using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay;

/// <summary>Extends a lease while its work goes on: a large document on a slow line, an authority that takes minutes.</summary>
internal static class LeaseKeeper
{
    /// <param name="renew">Extends the lease to the given instant; does nothing when it was lost.</param>
    public static async Task<T> WhileAsync<T>(Ground ground, Func<DatabaseTransaction, DateTimeOffset, Task> renew, Func<Task<T>> work)
    {
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(ground, renew, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
        }
    }

    private static async Task RenewAsync(Ground ground, Func<DatabaseTransaction, DateTimeOffset, Task> renew, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // Nearly every piece of work is over long before; its end is no exception.
                await Task.Delay(ground.Options.Lease / 2, ground.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                    return;
                await ground.Database.WriteAsync(
                    async tx =>
                    {
                        await renew(tx, ground.Now + ground.Options.Lease);
                        return true;
                    }, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or RelayException)
        {
            // The work is over, or the disk is full: then the lease ends by itself.
        }
    }
}
