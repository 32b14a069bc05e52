using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Nodes;

/// <summary>
/// A node's lease on its name, on the database's clock. Nodes need no leader: each claims what is due, and whoever sees first that
/// another does not renew makes that one's work due at once.
/// </summary>
internal sealed class NodeLease(Ground ground)
{
    /// <summary>With <see cref="Every"/>: a killed node's work is taken over within eight seconds.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(6);

    /// <summary>How often a node renews its own lease and looks for leases that are over.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly ILogger log = ground.Log<NodeLease>();
    private long epoch;

    /// <summary>Takes the name; what the process that had it before was doing is due at once.</summary>
    public async Task TakeAsync(DatabaseTransaction tx)
    {
        var clock = await tx.ClockAsync();
        epoch = await tx.NumberAsync(
            """
            INSERT INTO node (name, epoch, alive_until) VALUES (@name, 1, @until)
            ON CONFLICT (name) DO UPDATE SET epoch = node.epoch + 1, alive_until = @until RETURNING epoch
            """, default, ("name", tx.Node), ("until", clock + Length));
        await ReleaseAsync(tx, tx.Node);
    }

    /// <summary>Renews until cancelled, then says that this node is gone.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: another process took the name;
    /// <see cref="RelayFault.DatabaseOlder"/>.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                try
                {
                    await ground.Database.WriteAsync(RenewAsync, ct);
                }
                catch (RelayException unavailable) when (unavailable.InnerException is not null) // the database's doing, not another node's
                {
                    log.LogError("The node's lease cannot be renewed: {Why}", unavailable.Message);
                }

                await Task.Delay(Every, ground.Time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await LeaveAsync();
        }
        catch (ObjectDisposedException)
        {
            // The database is closed: this node is over, and its lease runs out.
        }
    }

    /// <summary>The others need not wait for the lease to run out.</summary>
    private async Task LeaveAsync()
    {
        try
        {
            await ground.Database.WriteAsync(tx => SetAsync(tx, DateTimeOffset.UnixEpoch.AddMilliseconds(1)), default);
        }
        catch (Exception e) when (e is RelayException or ObjectDisposedException)
        {
            log.LogDebug("The node could not say that it leaves: {Why}", e.Message);
        }
    }

    private async Task<int> RenewAsync(DatabaseTransaction tx)
    {
        var clock = await tx.ClockAsync();
        ground.FollowDatabaseClock(clock);
        await ground.Issued.DemandAsync(tx, default); // while the node ran, an older database may have taken the place of its own
        if (await SetAsync(tx, clock + Length) == 0)
        {
            throw new RelayException(
                RelayFault.StorageUnavailable, $"Một tiến trình khác đã khởi động với tên nút «{tx.Node}»: tiến trình này phải dừng.",
                $"Another process was started under the node name «{tx.Node}»: this one must stop.");
        }

        // After the server was away, everyone's lease has run out, and everyone is alive. (A start in the future: its clock was set back.)
        if ((clock - await tx.ServerStartedAsync()).Duration() < Length)
            return 0;
        // Farther than any lease reaches, by a clock that was set back: who lives renews within a lease from now.
        await tx.ExecuteAsync(
            "UPDATE node SET alive_until = @until WHERE alive_until > @never", default, ("until", clock + Length), ("never", clock + (Length * 2)));
        var dead = await tx.QueryAsync(
            $"SELECT name FROM node WHERE alive_until BETWEEN 1 AND @clock AND name <> @name{tx.Claimed("node")}", row => row.Text(0), default,
            ("clock", clock), ("name", tx.Node));
        foreach (var name in dead)
        {
            var released = await ReleaseAsync(tx, name);
            await tx.ExecuteAsync("UPDATE node SET alive_until = 0 WHERE name = @name", default, ("name", name));
            log.LogWarning("Node {Node} does not renew its lease; {Count} pieces of its work are due again.", name, released);
            RelayMeter.TookOver();
        }

        return dead.Count;
    }

    private Task<int> SetAsync(DatabaseTransaction tx, DateTimeOffset until) => tx.ExecuteAsync(
        "UPDATE node SET alive_until = @until WHERE name = @name AND epoch = @epoch", default, ("until", until), ("name", tx.Node), ("epoch", epoch));

    private async Task<int> ReleaseAsync(DatabaseTransaction tx, string holder)
    {
        var now = ground.Now;
        await JobLease.ReleaseAsync(tx, holder);
        return await OutboxTable.ReleaseAsync(tx, holder, now, default)
            + await DocumentTable.ReleaseAsync(tx, holder, now, default)
            + await IncomingTable.ReleaseAsync(tx, holder, now, default);
    }
}
