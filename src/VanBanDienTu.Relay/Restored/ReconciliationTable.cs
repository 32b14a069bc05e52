using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

public enum ReconciliationState
{
    Pending,
    Done,

    /// <summary>An operator took the difference as it is: the neighbour is not asked any more.</summary>
    Accepted,
}

/// <summary>How far the asking of one neighbour is.</summary>
/// <param name="Recovered">Messages and evidence that were put back.</param>
public sealed record Reconciled(
    string Link, DateTimeOffset Backup, DateTimeOffset Restored, ReconciliationState State, long Recovered, string? Error);

/// <summary>Something that a neighbour knows of this node and that could not be put back.</summary>
public sealed record Difference(string Link, Guid MessageId, string From, string To, Reason Reason, DateTimeOffset Time);

internal static class ReconciliationTable
{
    public static Task<List<Reconciled>> ListAsync(DatabaseTransaction tx, CancellationToken ct) => tx.QueryAsync(
        "SELECT link, backup_at, restored_at, state, recovered, error FROM reconciliation ORDER BY link",
        row => new Reconciled(row.Text(0), row.Time(1), row.Time(2), row.Word<ReconciliationState>(3), row.Number(4), row.TextOrNull(5)), ct);

    /// <summary>From the oldest backup that is not reconciled yet.</summary>
    public static Task OpenAsync(DatabaseTransaction tx, string link, DateTimeOffset backup, DateTimeOffset restored) => tx.ExecuteAsync(
        """
        INSERT INTO reconciliation (link, backup_at, restored_at, state, recovered, changed_at) VALUES (@link, @backup, @restored, 'Pending', 0, @now)
        ON CONFLICT (link) DO UPDATE SET restored_at = @restored, state = 'Pending', recovered = 0, error = NULL, changed_at = @now,
          backup_at = CASE WHEN reconciliation.state = 'Pending' AND reconciliation.backup_at < @backup THEN reconciliation.backup_at ELSE @backup END
        """, default, ("link", link), ("backup", backup), ("restored", restored), ("now", tx.Now));

    public static Task SetAsync(DatabaseTransaction tx, string link, ReconciliationState state, long recovered, string? error) => tx.ExecuteAsync(
        """
        UPDATE reconciliation SET state = @state, recovered = recovered + @recovered, error = @error, changed_at = @now
        WHERE link = @link AND state = 'Pending'
        """, default, ("state", state), ("recovered", recovered), ("error", error), ("now", tx.Now), ("link", link));

    public static Task DifferAsync(DatabaseTransaction tx, string link, ExchangedMessage about, Reason reason) => tx.ExecuteAsync(
        """
        INSERT INTO difference (link, message_id, from_organ, to_organ, code, reason_vi, reason_en, happened_at)
        VALUES (@link, @id, @from, @to, @code, @vi, @en, @at) ON CONFLICT (link, message_id) DO NOTHING
        """, default,
        ("link", link), ("id", about.Id), ("from", about.From.Organ), ("to", about.To.Organ), ("code", reason.Code), ("vi", reason.Vi), ("en", reason.En),
        ("at", about.Time));

    public static Task<List<Difference>> DifferencesAsync(DatabaseTransaction tx, int atMost, CancellationToken ct) => tx.QueryAsync(
        "SELECT link, message_id, from_organ, to_organ, code, reason_vi, reason_en, happened_at FROM difference ORDER BY happened_at, message_id LIMIT @most",
        row => new Difference(row.Text(0), row.Id(1), row.Text(2), row.Text(3), new Reason(row.Text(4), row.Text(5), row.Text(6)), row.Time(7)), ct,
        ("most", atMost));
}
