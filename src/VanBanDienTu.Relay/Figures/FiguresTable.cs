using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Figures;

/// <summary>Documents of one organ that came within a time, by how they stand.</summary>
internal sealed record DocumentCount(DocumentState State, Signers? SignedBy, long Count);

/// <summary>Counts an organ's documents of a time. Each query walks an index of organ and time: what came before and after costs nothing.</summary>
internal static class FiguresTable
{
    private const string Within = "d.organ = @organ AND d.received_at >= @from AND d.received_at < @before AND d.business_type <> 1";

    /// <summary>Every organ that ever sent or received here, found by steps through the indexes.</summary>
    public static async Task<IReadOnlyList<string>> OrgansAsync(DatabaseTransaction tx, CancellationToken ct) =>
        [.. (await OrgansAsync(tx, "document", ct)).Union(await OrgansAsync(tx, "incoming", ct), StringComparer.Ordinal)];

    public static Task<List<DocumentCount>> DocumentsAsync(DatabaseTransaction tx, string organ, DateTimeOffset from, DateTimeOffset before, CancellationToken ct) =>
        tx.QueryAsync(
            $"SELECT d.state, d.signed_by, COUNT(*) FROM document d WHERE {Within} GROUP BY d.state, d.signed_by",
            row => new DocumentCount(row.Word<DocumentState>(0), row.IsNull(1) ? null : row.Word<Signers>(1), row.Number(2)), ct,
            ("organ", organ), ("from", from), ("before", before));

    public static Task<List<(DeliveryState State, long Count)>> DeliveriesAsync(
        DatabaseTransaction tx, string organ, DateTimeOffset from, DateTimeOffset before, CancellationToken ct) => tx.QueryAsync(
        $"SELECT v.state, COUNT(*) FROM document d JOIN delivery v ON v.document_id = d.id WHERE {Within} GROUP BY v.state",
        row => (row.Word<DeliveryState>(0), row.Number(1)), ct, ("organ", organ), ("from", from), ("before", before));

    public static Task<long> ReceivedAsync(DatabaseTransaction tx, string organ, DateTimeOffset from, DateTimeOffset before, CancellationToken ct) =>
        tx.NumberAsync($"SELECT COUNT(*) FROM incoming d WHERE {Within}", ct, ("organ", organ), ("from", from), ("before", before));

    private static Task<List<string>> OrgansAsync(DatabaseTransaction tx, string table, CancellationToken ct) => tx.QueryAsync(
        $"""
        WITH RECURSIVE organs(organ) AS (
          SELECT MIN(organ) FROM {table}
          UNION ALL SELECT (SELECT MIN(t.organ) FROM {table} t WHERE t.organ > organs.organ) FROM organs WHERE organs.organ IS NOT NULL)
        SELECT organ FROM organs WHERE organ IS NOT NULL
        """, row => row.Text(0), ct);
}
