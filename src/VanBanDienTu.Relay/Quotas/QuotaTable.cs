using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Quotas;

/// <summary>Counts what quotas limit, from the documents themselves: nothing has to be kept in step with them.</summary>
internal static class QuotaTable
{
    // organ || '': the few that are in preparation are looked at, not all that the organ ever sent.
    private const string Sum = "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM ";

    /// <param name="day">Midnight in Vietnam.</param>
    public static async Task<QuotaLimit> CountAsync(DatabaseTransaction tx, string organ, QuotaKind kind, DateTimeOffset day, CancellationToken ct) =>
        (await tx.FirstAsync(
            Sum + kind switch
            {
                QuotaKind.Waiting =>
                    """
                    (SELECT id, bytes FROM document WHERE organ || '' = @organ AND state IN ('Received', 'Signing', 'Held')
                     UNION
                     SELECT d.id, d.bytes FROM outbox o JOIN delivery v ON v.id = o.message_id JOIN document d ON d.id = v.document_id
                     WHERE o.sender = @organ) waiting
                    """,
                QuotaKind.Unfetched => "incoming WHERE organ = @organ AND confirmed_at = 0 AND acceptance <> 'Refused'",
                _ => "document WHERE organ = @organ AND received_at >= @day",
            },
            row => new QuotaLimit(row.Number(0), row.Number(1)), ct, ("organ", organ), ("day", day)))!;
}
