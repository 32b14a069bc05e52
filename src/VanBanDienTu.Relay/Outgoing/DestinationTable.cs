using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>What is remembered of one next hop, over restarts too.</summary>
internal sealed record DestinationRow(string Name, Breaker Breaker, string? LastError, long ClockSkewMs);

internal static class DestinationTable
{
    public static Task<DestinationRow?> FindAsync(DatabaseTransaction tx, string name, CancellationToken ct) => tx.FirstAsync(
        "SELECT name, breaker, open_until, failures, last_error, clock_skew_ms FROM destination WHERE name = @name",
        row => new DestinationRow(
            row.Text(0), new Breaker(row.Word<BreakerMode>(1), row.Int(3), row.Time(2), TimeSpan.Zero), row.TextOrNull(4), row.Number(5)), ct,
        ("name", name));

    public static Task SaveAsync(DatabaseTransaction tx, DestinationRow row, DateTimeOffset? succeeded, CancellationToken ct) => tx.ExecuteAsync(
        """
        INSERT INTO destination (name, breaker, open_until, failures, last_error, clock_skew_ms, succeeded_at)
        VALUES (@name, @breaker, @until, @failures, @error, @skew, COALESCE(CAST(@succeeded AS bigint), 0))
        ON CONFLICT (name) DO UPDATE SET breaker = @breaker, open_until = @until, failures = @failures, last_error = @error, clock_skew_ms = @skew,
          succeeded_at = COALESCE(CAST(@succeeded AS bigint), destination.succeeded_at)
        """, ct,
        ("name", row.Name), ("breaker", row.Breaker.Mode), ("until", row.Breaker.OpenUntil), ("failures", row.Breaker.Failures),
        ("error", row.LastError), ("skew", row.ClockSkewMs), ("succeeded", succeeded));
}
