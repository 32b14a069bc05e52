using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// The first start after a restore: the log of evidence and all other numbers go on behind a gap, so that none of them ever means two things,
/// and every neighbour that can be asked is to be asked.
/// </summary>
internal sealed class RestoreOpening(Ground ground)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var folder = ground.Options.DataFolder;
        if (RestoreMark.Read(folder) is not { } mark)
            return;
        await ground.Database.WriteAsync(tx => OpenAsync(tx, mark), ct);
        RestoreMark.Remove(folder);
    }

    private async Task<bool> OpenAsync(DatabaseTransaction tx, RestoreMark mark)
    {
        if (await tx.NumberAsync(
            "SELECT COUNT(*) FROM restoration WHERE node = @node AND restored_at = @at", default, ("node", tx.Node), ("at", mark.Restored)) > 0)
        {
            // The process ended before the mark was removed, and perhaps before it was written how far the log has come.
            tx.EvidenceEnd = await EvidenceChain.LastAsync(tx, tx.Node, default);
            return false;
        }

        var (last, hash) = await EvidenceChain.LastAsync(tx, tx.Node, default);
        // The instant of the restore makes it larger than any number that the lost part can have had, and another one for every restore.
        var from = Math.Max(Math.Max(last, ground.Issued.Sequence) + 1, mark.Restored.ToUnixTimeMilliseconds() * 1000);
        var statement = ground.Evidence.Sign(new EvidenceFacts(EvidenceEvent.LogRestored) { Log = (last, from, mark.Backup) });
        await EvidenceLog.AppendRestoredAsync(tx, statement, from, hash, default);
        await tx.ExecuteAsync(
            "INSERT INTO restoration (node, restored_at, backup_at, after_sequence, from_sequence) VALUES (@node, @at, @backup, @after, @from)", default,
            ("node", tx.Node), ("at", mark.Restored), ("backup", mark.Backup), ("after", last), ("from", from));
        await SkipAsync(tx, from);
        foreach (var link in ground.Parts.Links.Values.Where(l => l is IPeerMemory))
            await ReconciliationTable.OpenAsync(tx, link.Name, mark.Backup, mark.Restored);
        return true;
    }

    /// <summary>Whoever follows events or the units' directory asks for what is newer than the last number it saw.</summary>
    private static async Task SkipAsync(DatabaseTransaction tx, long from)
    {
        await tx.ExecuteAsync(
            """
            INSERT INTO event (sequence, side, organ, document_id, previous_state, state, request, code, happened_at)
            SELECT @from, '', '', '', '', '', '', '', @now WHERE NOT EXISTS (SELECT 1 FROM event WHERE sequence >= @from)
            """, default, ("from", from), ("now", tx.Now));
        if (await tx.NumberAsync("SELECT MAX(version) FROM unit", default) < from)
            await tx.ExecuteAsync("UPDATE unit SET version = version + @from", default, ("from", from));
    }
}
