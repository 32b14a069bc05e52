using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>
/// From the other side: every document, every message that was acknowledged, every handover has its receipt in a log, and the receipt is about
/// exactly these files. So also a log that somebody cut out and chained anew is noticed by what it no longer holds.
/// </summary>
internal sealed class ReceiptAudit(DatabaseTransaction tx, AuditFindings findings)
{
    private const int Page = 500;

    /// <param name="read">Called with the number of rows after each page.</param>
    /// <returns>How many receipts were looked up.</returns>
    public async Task<long> RunAsync(Action<int> read, CancellationToken ct) =>
        await EachAsync( // put back after a restore, a document has its acceptance when its unit submits it again
            $"""
            SELECT t.id AS id, t.outcome AS receipt, t.attachments AS attachments, NULL AS digest, t.state AS state FROM document t
            WHERE t.id > @after AND (t.outcome <> '' OR (t.state = 'Queued' AND t.reason_code IS NULL AND t.request_id NOT LIKE '{OwnDocuments.RequestPrefix}%'))
            ORDER BY t.id LIMIT @page
            """, "văn bản đi", "the outgoing document", (row, stated) => stated.DocumentId == row.Id && (row.State != "Queued" || Same(stated, row.Attachments)), read, ct)
        + await EachAsync(
            "SELECT t.message_id AS id, t.receipt AS receipt, NULL AS attachments, t.digest AS digest, NULL AS state FROM arrival t WHERE t.message_id > @after ORDER BY t.message_id LIMIT @page",
            "thông điệp đã nhận", "the message that arrived", (row, stated) => stated.MessageId == row.Id && stated.MessageDigest == row.Digest, read, ct)
        + await EachAsync(
            "SELECT t.id AS id, t.consignment AS receipt, t.attachments AS attachments, NULL AS digest, NULL AS state FROM incoming t WHERE t.id > @after ORDER BY t.id LIMIT @page",
            "văn bản đến", "the incoming document", (row, stated) => stated.MessageId == row.Id && Same(stated, row.Attachments), read, ct)
        + await EachAsync(
            "SELECT t.id AS id, t.handover AS receipt, t.attachments AS attachments, NULL AS digest, NULL AS state FROM incoming t WHERE t.id > @after AND t.handover IS NOT NULL ORDER BY t.id LIMIT @page",
            "văn bản đã giao", "the document that was handed over",
            (row, stated) => stated.MessageId == row.Id && stated.Event == nameof(EvidenceEvent.ContentHandover) && Same(stated, row.Attachments), read, ct)
        + await RelayedAsync(read, ct);

    /// <summary>A page of rows, then the evidence that they name.</summary>
    private async Task<long> EachAsync(string sql, string vi, string en, Func<Receipted, StatedFacts, bool> about, Action<int> read, CancellationToken ct)
    {
        var (count, after) = (0L, "");
        while (true)
        {
            var rows = await tx.QueryAsync(
                $"SELECT t.id, t.receipt, t.attachments, t.digest, t.state, e.node, e.sequence, {EvidenceLog.ColumnsOf("e")} FROM ({sql}) t LEFT JOIN evidence e ON e.id = t.receipt ORDER BY t.id",
                Receipted.Read, ct, ("after", after), ("page", Page));
            foreach (var row in rows)
            {
                var (nameVi, nameEn) = ($"{vi} {row.Key}", $"{en} {row.Key}");
                if (row.Evidence is null)
                    findings.NoReceipt(nameVi, nameEn);
                else if (ReceiptCheck.Read(row.Evidence) is { } stated && !about(row, stated))
                    findings.OthersReceipt(row.Node, row.Number, nameVi, nameEn);
            }

            count += rows.Count;
            read(rows.Count);
            if (rows.Count < Page)
                return count;
            after = rows[^1].Key;
        }
    }

    /// <summary>What was handed to the next hop, and of which nothing else is known yet, has that hop's receipt.</summary>
    private async Task<long> RelayedAsync(Action<int> read, CancellationToken ct)
    {
        var without = await tx.QueryAsync(
            """
            SELECT v.id FROM delivery v WHERE v.state = 'Relayed' AND NOT EXISTS (
              SELECT 1 FROM evidence e WHERE e.message_id = v.id AND e.event IN ('RelayAcceptance', 'ContentConsignment', 'RelayToNonERDS')) LIMIT @most
            """, row => row.Text(0), ct, ("most", AuditReport.MostFindings));
        foreach (var id in without)
            findings.NoReceipt($"lần chuyển {id} đã giao cho nút sau", $"the delivery {id} that the next hop took");
        read(0);
        return 0;
    }

    /// <summary>Evidence without files says nothing against any.</summary>
    private static bool Same(StatedFacts stated, string? attachments)
    {
        if (stated.Payloads is not { } payloads || attachments is null)
            return true;
        try
        {
            return payloads.SequenceEqual(RowJson.Read<List<Attachment>>(attachments).Select(a => a.Payload.Sha256), StringComparer.Ordinal);
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private sealed record Receipted(string Key, string? Attachments, string? Digest, string? State, string Node, long Number, SignedEvidence? Evidence)
    {
        public Guid Id => Guid.TryParse(Key, out var id) ? id : Guid.Empty;

        public static Receipted Read(Row row) => new(
            row.Text(0), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5) ?? "", row.IsNull(6) ? 0 : row.Number(6),
            row.IsNull(7) ? null : new SignedEvidence(row.Text(7), row.Text(8), row.Bytes(9), row.Bytes(10), row.Time(11), row.Text(12)));
    }
}
