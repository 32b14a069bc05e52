using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// Asks every neighbour of a restored node what passed since the backup, puts back what can be put back, and lists the rest. Asking twice, or
/// being killed in it, changes nothing.
/// </summary>
public sealed class Reconciliation
{
    /// <summary>Renewed for every page.</summary>
    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(10);

    private readonly Ground ground;
    private readonly Recovery recovery;
    private readonly ILogger log;
    private DateTimeOffset notBefore;
    private bool resumed;

    internal Reconciliation(Ground ground, Recovery recovery) => (this.ground, this.recovery, log) = (ground, recovery, ground.Log<Reconciliation>());

    /// <summary>How far it is with each neighbour; empty for a node that was never restored.</summary>
    public Task<List<Reconciled>> ListAsync(CancellationToken ct) => ground.Database.ReadAsync(tx => ReconciliationTable.ListAsync(tx, ct), ct);

    /// <summary>What could not be put back, oldest first.</summary>
    public Task<List<Difference>> DifferencesAsync(int atMost, CancellationToken ct) =>
        ground.Database.ReadAsync(tx => ReconciliationTable.DifferencesAsync(tx, atMost, ct), ct);

    /// <summary>An operator takes the difference with a neighbour that cannot be asked as it is.</summary>
    /// <returns>False when that neighbour is not waited for.</returns>
    public async Task<bool> AcceptAsync(string link, CancellationToken ct)
    {
        if (!(await ListAsync(ct)).Exists(r => r.Link == link && r.State == ReconciliationState.Pending))
            return false;
        log.LogWarning("An operator accepted the difference with {Link} without its answer.", link);
        await SettleAsync(link, ReconciliationState.Accepted, 0, null);
        return true;
    }

    /// <summary>Asks who is still to be asked; false when nobody is.</summary>
    internal async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        if (!ground.Gate.Closed && !resumed && (await ListAsync(ct)).Count > 0)
            await recovery.CompleteAsync(ct); // the process before this one may have ended between the last answer and this
        resumed = true;
        if (!ground.Gate.Closed || ground.Now < notBefore)
            return false;
        // Where gateways share a database one of them asks for all; the others find the gate open when it is done.
        if (await JobLease.TakeAsync(ground.Database, "reconciliation", LeaseLength) is { } lease)
        {
            try
            {
                foreach (var peer in (await ListAsync(ct)).Where(r => r.State == ReconciliationState.Pending))
                    await AskAsync(peer, lease, ct);
            }
            finally
            {
                await lease.EndAsync(ground.Database);
            }
        }

        await ground.Gate.LoadAsync(ground.Database, ct);
        if (ground.Gate.Closed)
            notBefore = ground.Now + TimeSpan.FromSeconds(5);
        else
            ground.WakeAll();
        return false;
    }

    private async Task AskAsync(Reconciled peer, JobLease lease, CancellationToken ct)
    {
        if (!ground.Parts.Links.TryGetValue(peer.Link, out var link) || link is not IPeerMemory memory)
        {
            await SettleAsync(peer.Link, ReconciliationState.Pending, 0, "the configuration has no such link any more");
            return;
        }

        var recovered = 0L;
        try
        {
            // Documents first: what was said about them finds them then.
            foreach (var documents in (bool[])[true, false])
            {
                string? page = "";
                while (page is not null)
                {
                    await ground.Database.WriteAsync(async tx =>
                    {
                        await lease.DemandAsync(tx);
                        return true;
                    }, ct);
                    var listed = await memory.ListAsync(peer.Backup - RestoreGate.Slack, page, ct);
                    foreach (var item in listed.Messages.Where(m => m.Kind == MessageKind.Document && IsReceipt(m) == documents || m.Kind != MessageKind.Document && !documents))
                        recovered += await recovery.ApplyAsync(link.Name, memory, item, ct) ? 1 : 0;
                    page = listed.Next;
                }
            }

            await SettleAsync(peer.Link, ReconciliationState.Done, recovered, null);
            await recovery.CompleteAsync(ct);
            log.LogInformation("Reconciled with {Link} after the restore: {Count} messages and pieces of evidence were put back.", peer.Link, recovered);
        }
        catch (PeerMemoryException away)
        {
            await SettleAsync(peer.Link, ReconciliationState.Pending, recovered, away.Message);
            log.LogWarning("{Link} cannot be asked yet what passed since the backup: {Why}", peer.Link, away.Message);
        }
    }

    private static bool IsReceipt(ExchangedMessage item) => item.Carrier is null && item.Evidence.Event is "RelayAcceptance" or "ContentConsignment";

    private async Task SettleAsync(string link, ReconciliationState state, long recovered, string? error)
    {
        await ground.Database.WriteAsync(async tx =>
        {
            await ReconciliationTable.SetAsync(tx, link, state, recovered, error);
            return true;
        });
        await ground.Gate.LoadAsync(ground.Database, default);
    }
}
