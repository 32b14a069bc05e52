using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>
/// Checks all the evidence of a database from outside, running or not, also of a backup: rows without gaps, hashes, signatures, receipts. Files
/// are compared by the digests that rows name; whether the kept bytes have them, a check of the backup says.
/// </summary>
public static class EvidenceAudit
{
    /// <summary>How long a signer's path counts. Its certificate may end in this hour and be seen to end in the next.</summary>
    private static readonly TimeSpan PathsCount = TimeSpan.FromHours(1);

    /// <param name="folder">A node's data folder, or a backup.</param>
    /// <param name="postgres">The database that nodes share; null = the one in the folder.</param>
    /// <returns>Null when there is no database yet.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    public static async Task<AuditReport?> RunAsync(
        string folder, PostgresStorage? postgres, TrustSnapshot trust, IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        var issued = Issued(folder); // before the database: a running node goes on
        return await StoredData.ReadAsync(folder, postgres, tx => RunAsync(tx, issued, trust, progress, ct), ct) ?? Gone(issued);
    }

    /// <summary>Without a database there is nothing, unless the folder remembers that there was.</summary>
    private static AuditReport? Gone(IReadOnlyList<IssuedRow> issued)
    {
        var findings = new AuditFindings();
        foreach (var row in issued.Where(row => row.Sequence > 0))
            findings.Cut(row.Node, 0, row.Sequence, row.Where);
        return findings.Broken == 0 ? null : new AuditReport([], 0, findings.Kept, findings.Broken, 0);
    }

    private static async Task<AuditReport> RunAsync(
        DatabaseTransaction tx, IReadOnlyList<IssuedRow> issued, TrustSnapshot trust, IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        var total = await tx.NumberAsync(
            "SELECT (SELECT COUNT(*) FROM evidence) + (SELECT COUNT(*) FROM document) + (SELECT COUNT(*) FROM arrival) + 2 * (SELECT COUNT(*) FROM incoming)", ct);
        var (done, findings, logs) = (0L, new AuditFindings(), new List<AuditedLog>());
        var log = new LogAudit(tx, trust, new EvidencePaths(PathsCount), findings);
        var nodes = await tx.QueryAsync("SELECT DISTINCT node FROM evidence", row => row.Text(0), ct);
        foreach (var node in nodes.Union(issued.Where(i => i.Sequence > 0).Select(i => i.Node), StringComparer.Ordinal).Order(StringComparer.Ordinal))
            logs.Add(await log.RunAsync(node, [.. issued.Where(i => i.Node == node)], Read, ct));
        var receipts = await new ReceiptAudit(tx, findings).RunAsync(Read, ct);
        return new AuditReport(logs, receipts, findings.Kept, findings.Broken, findings.Undecided);

        void Read(int rows) => progress?.Report(new AuditProgress(done += rows, Math.Max(total, done)));
    }

    /// <summary>What the folder remembers beside its database.</summary>
    private static List<IssuedRow> Issued(string folder)
    {
        var issued = new List<IssuedRow>();
        if (IssuedMark.Look(folder) is { } mark)
            issued.Add(mark);
        if (File.Exists(Path.Combine(folder, BackupManifest.FileName)))
            issued.AddRange(BackupManifest.Read(folder).Evidence.Select(chain => new IssuedRow(chain.Node, chain.Sequence, chain.Hash, BackupManifest.FileName)));
        return issued;
    }
}
