using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Verification;

/// <summary>A verdict as it is kept.</summary>
/// <param name="Record">Canonical JSON of a <see cref="VerdictRecord"/>.</param>
/// <param name="Stamp">The number of the timestamp that covers the record; 0 while there is none.</param>
internal sealed record StoredVerdict(string ReportId, string Organ, PayloadRef Report, byte[] Record, long Stamp);

/// <summary>The table <c>verdict</c>.</summary>
internal static class VerdictTable
{
    private const string Columns = "report_id, organ, report, record, stamp";

    /// <summary>The same verdict twice is one row.</summary>
    public static Task InsertAsync(DatabaseTransaction tx, StoredVerdict verdict, VerdictRecord record, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO verdict (report_id, organ, file_sha256, outcome, snapshot, judged_at, report, record, stamp)
        VALUES (@id, @organ, @file, @outcome, @snapshot, @at, @report, @record, 0) ON CONFLICT (report_id, organ) DO NOTHING
        """, ct,
        ("id", verdict.ReportId), ("organ", verdict.Organ), ("file", record.File.Sha256), ("outcome", record.Verdict), ("snapshot", record.Trust.Id),
        ("at", now), ("report", RowJson.Write(verdict.Report)), ("record", verdict.Record));

    /// <summary>A verdict by its id; an organ sees its own, null sees all.</summary>
    public static Task<StoredVerdict?> FindAsync(DatabaseTransaction tx, string reportId, string? organ, CancellationToken ct) => tx.FirstAsync(
        $"SELECT {Columns} FROM verdict WHERE report_id = @id AND (CAST(@organ AS text) IS NULL OR organ = @organ) ORDER BY organ LIMIT 1", Read, ct,
        ("id", reportId), ("organ", organ));

    /// <summary>The oldest stamped verdicts on a file.</summary>
    public static Task<List<StoredVerdict>> OfFileAsync(DatabaseTransaction tx, string sha256, int atMost, CancellationToken ct) => tx.QueryAsync(
        $"SELECT {Columns} FROM verdict WHERE file_sha256 = @file AND stamp > 0 ORDER BY stamp LIMIT @most", Read, ct, ("file", sha256), ("most", atMost));

    public static Task<List<StoredVerdict>> UnstampedAsync(DatabaseTransaction tx, int atMost, CancellationToken ct) => tx.QueryAsync(
        $"SELECT {Columns} FROM verdict WHERE stamp = 0 ORDER BY judged_at LIMIT @most", Read, ct, ("most", atMost));

    public static Task SetStampAsync(DatabaseTransaction tx, StoredVerdict verdict, long stamp, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE verdict SET stamp = @stamp WHERE report_id = @id AND organ = @organ AND stamp = 0", ct,
        ("stamp", stamp), ("id", verdict.ReportId), ("organ", verdict.Organ));

    private static StoredVerdict Read(Row row) => new(row.Text(0), row.Text(1), RowJson.Read<PayloadRef>(row.Text(2)), row.Bytes(3), row.Number(4));
}
