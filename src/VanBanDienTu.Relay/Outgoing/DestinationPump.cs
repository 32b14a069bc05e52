using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>
/// Stop 3 for one next hop: claims what is due under a lease, sends, settles. Each destination has a pump of its own, so one that is dead
/// or slow costs the others nothing.
/// </summary>
internal sealed class DestinationPump(Ground ground, IAxisLink link, SendOutcome outcomes)
{
    /// <summary>Messages claimed together with those that are sent at once.</summary>
    private const int ClaimAhead = 64;

    /// <summary>How fresh <c>succeeded_at</c> is in the database while nothing else changes.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly ILogger log = ground.Log<DestinationPump>();
    private readonly Lock gate = new();
    private readonly HashSet<Guid> inFlight = [];
    private readonly Queue<(ClaimedMessage Claimed, DateTimeOffset Until)> ahead = [];
    private int sending;
    private DestinationRow? saved;
    private DateTimeOffset savedAt;
    private readonly Signal freed = new();
    private DestinationRow row = new(link.Name, Breaker.Fresh, null, 0);

    /// <summary>Remembers from before the restart that the destination did not answer; a probe whose process is gone counts as open.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (await ground.Database.ReadAsync(tx => DestinationTable.FindAsync(tx, link.Name, ct), ct) is { } known)
            row = known.Breaker.Mode == BreakerMode.HalfOpen ? known with { Breaker = known.Breaker with { Mode = BreakerMode.Open } } : known;
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var (woken, free) = (ground.Outbox(link.Name).Next, freed.Next);
            try
            {
                var sends = await ClaimAsync(ct);
                foreach (var claimed in sends)
                    _ = SendAsync(claimed, ct);
                if (sends.Count > 0)
                    continue;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.LogError(e, "Claiming for {Destination} failed; trying again.", link.Name);
            }

            try
            {
                await Signal.WaitAsync(Task.WhenAny(woken, free), ground.Options.Poll, ground.Time, ct);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        // What is on its way is settled or left to its lease; the far side replays the receipt either way.
        while (Busy())
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
    }

    /// <summary>Sends all that is due now, and waits for the outcomes.</summary>
    /// <returns>The number of attempts made.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var attempts = 0;
        while (await ClaimAsync(ct) is { Count: > 0 } sends)
        {
            await Task.WhenAll(sends.Select(claimed => SendAsync(claimed, ct)));
            attempts += sends.Count;
        }

        return attempts;
    }

    /// <summary>What is sent now: of what was claimed ahead, else of what is due.</summary>
    private async Task<List<ClaimedMessage>> ClaimAsync(CancellationToken ct)
    {
        var now = ground.Now;
        await GiveBackAsync(now);
        var permits = Permits(now);
        if (permits == 0)
            return [];
        if (Ahead(permits, now) is { Count: > 0 } ready)
            return ready;
        if (!await ground.Database.AskAsync(tx => OutboxTable.AnyDueAsync(tx, link.Name, now, ct), ct))
            return [];
        // One commit claims for some time ahead; a probe takes no others with it.
        var most = permits + (row.Breaker.Mode == BreakerMode.Closed ? ClaimAhead : 0);
        var claimed = await ground.Database.WriteAsync(
            tx => OutboxTable.ClaimAsync(tx, link.Name, most, now, now + ground.Options.Lease, default), ct);
        lock (gate)
        {
            claimed.RemoveAll(c => !inFlight.Add(c.Message.Header.Id)); // still being sent here: its lease ran out under it
            foreach (var one in claimed)
                ahead.Enqueue((one, now + (ground.Options.Lease / 2)));
        }

        return Ahead(permits, now);
    }

    /// <summary>Takes from what was claimed ahead; a lease that is half over is too short for a send, and runs out.</summary>
    private List<ClaimedMessage> Ahead(int permits, DateTimeOffset now)
    {
        var ready = new List<ClaimedMessage>();
        lock (gate)
        {
            while (ready.Count < permits && ahead.TryDequeue(out var next))
            {
                if (next.Until > now)
                    ready.Add(next.Claimed);
                else
                    inFlight.Remove(next.Claimed.Message.Header.Id);
            }

            sending += ready.Count;
            if (ready.Count > 0)
                row = row with { Breaker = row.Breaker.Sending() };
        }

        return ready;
    }

    /// <summary>The destination went away: what was claimed ahead is nobody's again.</summary>
    private async Task GiveBackAsync(DateTimeOffset now)
    {
        List<ClaimedMessage> unused;
        lock (gate)
        {
            if (ahead.Count == 0 || row.Breaker.Mode == BreakerMode.Closed)
                return;
            unused = [.. ahead.Select(a => a.Claimed)];
            ahead.Clear();
            inFlight.ExceptWith(unused.Select(c => c.Message.Header.Id));
        }

        await ground.Database.WriteAsync(tx => OutboxTable.GiveBackAsync(tx, unused, now, default));
    }

    private async Task SendAsync(ClaimedMessage claimed, CancellationToken ct)
    {
        var free = false;
        using var step = RelayTrace.Start("send", claimed.Message.Header, ActivityKind.Client)?.SetTag("vbdt.destination", link.Name).SetTag("vbdt.attempt", claimed.Attempt);
        try
        {
            var outcome = await AttemptAsync(claimed, ct);
            if (outcome is null)
                return; // stopping: the lease ends by itself
            RelayMeter.Sent(link.Name, outcome.GetType().Name);
            step?.SetStatus(outcome is AxisOutcome.Accepted ? ActivityStatusCode.Ok : ActivityStatusCode.Error, Error(outcome));
            var settled = SettleAsync(claimed, outcomes.Checked(claimed, outcome));
            Free();
            await settled;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The message stays queued and leased; it is due again when the lease ends.
            log.LogError(e, "Settling message {Message} to {Destination} failed.", claimed.Message.Header.Id, link.Name);
        }
        finally
        {
            lock (gate)
                inFlight.Remove(claimed.Message.Header.Id);
            Free();
        }

        // The line is free for the next one while the outcome is still being committed.
        void Free()
        {
            if (free)
                return;
            free = true;
            lock (gate)
            {
                sending--;
                if (sending == 0 && row.Breaker.Mode == BreakerMode.HalfOpen)
                    row = row with { Breaker = row.Breaker with { Mode = BreakerMode.Open } };
            }

            freed.Raise();
        }
    }

    private async Task<AxisOutcome?> AttemptAsync(ClaimedMessage claimed, CancellationToken ct)
    {
        try
        {
            var message = new OutboundMessage(claimed.Message.Header, claimed.Message.Digest, claimed.Attempt, ground.Payloads)
            {
                IsOthersAsync = (farId, stop) => ground.Database.ReadAsync(
                    tx => FarPacketTable.IsOthersAsync(tx, link.Name, farId, claimed.Message.Header.Id, stop), stop),
            };
            return await LeaseKeeper.WhileAsync(
                ground, (tx, until) => OutboxTable.RenewAsync(tx, claimed.Message.Header.Id, claimed.Epoch, until, default),
                () => link.SendAsync(message, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
        catch (RelayException damage) when (damage.Fault == RelayFault.PayloadDamaged)
        {
            log.LogError("Message {Message} to {Destination} cannot be sent: {Why}", claimed.Message.Header.Id, link.Name, damage.Message);
            return new AxisOutcome.Failed(damage.Message); // nothing that the destination can help
        }
        catch (Exception e)
        {
            log.LogWarning(e, "Sending {Message} to {Destination} failed.", claimed.Message.Header.Id, link.Name);
            return new AxisOutcome.Unreachable(e.Message);
        }
    }

    private Task SettleAsync(ClaimedMessage claimed, AxisOutcome outcome)
    {
        var now = ground.Now;
        var decision = SendDecision.Of(
            outcome, link.Name, claimed.Attempt, claimed.Queued, now, ground.Options.Retry, Random.Shared.NextDouble());
        var changed = Remember(outcome, now);
        if (decision is SendDecision.Retry retry)
            log.LogInformation("Message {Message} to {Destination}: {Why} Next attempt {Due:u}.", claimed.Message.Header.Id, link.Name, retry.Why, retry.Due);
        return outcomes.CommitAsync(
            claimed, link.Name, outcome, decision,
            changed is null ? null : tx => DestinationTable.SaveAsync(tx, changed, outcome is AxisOutcome.Unreachable ? null : now, default));
    }

    /// <summary>What the outcome says about the destination.</summary>
    /// <returns>What must be saved; null while it says nothing new.</returns>
    private DestinationRow? Remember(AxisOutcome outcome, DateTimeOffset now)
    {
        lock (gate)
        {
            var breaker = outcome is AxisOutcome.Unreachable ? row.Breaker.Failed(now, ground.Options.BreakerRule) : Breaker.Answered();
            var skew = outcome is AxisOutcome.Accepted { PeerTime: { } peer } ? (long)(peer - now).TotalMilliseconds : row.ClockSkewMs;
            row = new DestinationRow(link.Name, breaker, Error(outcome), skew);
            if (saved is not null && row with { ClockSkewMs = saved.ClockSkewMs } == saved && Math.Abs(skew - saved.ClockSkewMs) < 1000
                && (now - savedAt).Duration() < SaveEvery)
                return null;
            (saved, savedAt) = (row, now);
            return row;
        }
    }

    private int Permits(DateTimeOffset now)
    {
        lock (gate)
            return row.Breaker.Permits(now, ground.Options.SendsPerLink - sending, sending > 0);
    }

    private bool Busy()
    {
        lock (gate)
            return inFlight.Count > ahead.Count;
    }

    private static string? Error(AxisOutcome outcome) => outcome switch
    {
        AxisOutcome.Unreachable unreachable => unreachable.Why,
        AxisOutcome.Busy busy => busy.Why,
        AxisOutcome.Failed failed => failed.Why,
        _ => null,
    };
}
