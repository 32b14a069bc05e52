using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay;

/// <summary>Now and then: gives up what waited beyond its horizon behind a closed door, follows jumps of the clock, deletes orphaned files.</summary>
internal sealed class Sweep(Ground ground, GiveUp giveUp)
{
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(30);
    private readonly ILogger log = ground.Log<Sweep>();
    private readonly DateTimeOffset startedAt = ground.Now;
    private readonly long startedTicks = ground.Time.GetTimestamp();
    private TimeSpan drift;
    private DateTimeOffset collected = ground.Now;

    public async Task RunOnceAsync(CancellationToken ct)
    {
        if (ground.Database.Dialect.Clock is null) // else the database's clock counts
            await FollowClockAsync();
        await BringBackAsync(ct);
        while (!ground.Gate.Closed && await ExpireAsync(ct) > 0)
        {
            // More may wait than one batch takes.
        }

        if (ground.Now - collected >= TimeSpan.FromHours(1))
        {
            collected = ground.Now;
            await CollectAsync(ct);
        }
    }

    private async Task CollectAsync(CancellationToken ct)
    {
        if (await JobLease.TakeAsync(ground.Database, "retention", TimeSpan.FromMinutes(10)) is not { } lease)
            return;
        var deleted = await ground.Payloads.CollectAsync(ground.Options.OrphanAge, ct);
        if (deleted > 0)
            log.LogInformation("Deleted {Count} payloads that no document names.", deleted);
        await lease.EndAsync(ground.Database);
    }

    /// <summary>
    /// Due times are wall-clock instants. When the clock is set by an hour, they are moved by that hour: a retry waits as long as it was
    /// meant to, and nothing stands still until the clock catches up.
    /// </summary>
    private async Task FollowClockAsync()
    {
        var now = ground.Now - startedAt - ground.Time.GetElapsedTime(startedTicks);
        var jump = now - drift;
        if (jump.Duration() < Jump)
            return;
        drift = now;
        log.LogWarning("The clock was set by {Jump}; due times follow.", jump);
        await ground.Database.WriteAsync(async tx =>
        {
            var by = (long)jump.TotalMilliseconds;
            await tx.ExecuteAsync("UPDATE outbox SET due_at = due_at + @by", default, ("by", by));
            await tx.ExecuteAsync("UPDATE document SET due_at = due_at + @by WHERE state IN ('Received', 'Signing', 'Held')", default, ("by", by));
            await tx.ExecuteAsync("UPDATE incoming SET due_at = due_at + @by WHERE acceptance = 'Verifying'", default, ("by", by));
            return true;
        });
    }

    /// <summary>
    /// Nothing is ever due later than the schedule and the leases reach. What is stands there by a clock that was ahead and was set back
    /// when nobody here could see it: the shared database's, or ours between two processes.
    /// </summary>
    private async Task BringBackAsync(CancellationToken ct)
    {
        var (now, longest) = (ground.Now, ground.Options.Retry.LongestDelay);
        var never = now + ((longest > ground.Options.Lease ? longest : ground.Options.Lease) * 2);
        string[] destinations = [Ground.LocalLink, .. ground.Parts.Links.Keys];
        var late = await ground.Database.ReadAsync(
            async tx =>
            {
                foreach (var destination in destinations)
                {
                    if (await OutboxTable.AnyLaterAsync(tx, destination, never, ct))
                        return true;
                }

                return await DocumentTable.AnyLaterAsync(tx, never, ct) || await IncomingTable.AnyLaterAsync(tx, never, ct);
            }, ct);
        if (!late)
            return;
        var back = await ground.Database.WriteAsync(async tx =>
        {
            var count = await DocumentTable.BringBackAsync(tx, never, now) + await IncomingTable.BringBackAsync(tx, never, now);
            foreach (var destination in destinations)
                count += await OutboxTable.BringBackAsync(tx, destination, never, now);
            return count;
        }, ct);
        log.LogWarning("{Count} pieces of work were due later than anything is ever put off: the clock was set back. They are due now.", back);
        ground.WakeAll();
    }

    /// <summary>Behind an open breaker nothing is attempted, so nothing would ever give up there.</summary>
    private async Task<int> ExpireAsync(CancellationToken ct)
    {
        var before = ground.Now - ground.Options.Retry.Horizon - ground.Options.Retry.LongestDelay;
        var expired = await ground.Database.ReadAsync(
            tx => tx.QueryAsync(
                $"""
                SELECT {MessageTable.Columns}, o.lease_epoch, o.attempts, o.queued_at, o.destination, o.last_error
                FROM outbox o JOIN message m ON m.id = o.message_id WHERE o.queued_at < @before AND o.leased = 0 LIMIT 100
                """,
                row => (Claim: new ClaimedMessage(MessageTable.Read(row), row.Number(16), row.Int(17), row.Time(18)), Link: row.Text(19), Error: row.TextOrNull(20)),
                ct, ("before", before)), ct);
        foreach (var (claim, link, error) in expired)
        {
            var (commit, wake) = giveUp.Prepare(
                claim.Message, claim.Attempt, ground.Options.Node, Reasons.HorizonOver(link, error), refused: false);
            await ground.Database.WriteAsync(
                async tx =>
                {
                    if (await OutboxTable.RemoveAsync(tx, claim.Message.Header.Id, claim.Epoch, default))
                        await commit(tx);
                    return true;
                }, ct);
            if (wake is not null)
                ground.Outbox(wake).Raise();
        }

        return expired.Count;
    }
}
