using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Deadlines;

/// <summary>A deadline that is over and was not met.</summary>
internal sealed record OverdueDeadline(Guid Incoming, string Organ, DeadlineKind Kind, DateTimeOffset Due);

/// <summary>The table <c>deadline</c>.</summary>
internal static class DeadlineTable
{
    public static Task SetAsync(DatabaseTransaction tx, Guid incoming, string organ, DeadlineKind kind, DateTimeOffset due, CancellationToken ct) =>
        tx.ExecuteAsync(
            "INSERT INTO deadline (incoming_id, kind, organ, due_at, met_at, raised_at) VALUES (@id, @kind, @organ, @due, 0, 0) ON CONFLICT (incoming_id, kind) DO NOTHING",
            ct, ("id", incoming), ("kind", kind), ("organ", organ), ("due", due));

    /// <summary>Done; the first time counts.</summary>
    public static Task MeetAsync(DatabaseTransaction tx, Guid incoming, DeadlineKind kind, DateTimeOffset now, CancellationToken ct) =>
        tx.ExecuteAsync(
            "UPDATE deadline SET met_at = @now WHERE incoming_id = @id AND kind = @kind AND met_at = 0", ct, ("now", now), ("id", incoming), ("kind", kind));

    /// <summary>A status of the unit, as far as it does what was due.</summary>
    public static async Task AnsweredAsync(DatabaseTransaction tx, Guid incoming, string code, DateTimeOffset now, CancellationToken ct)
    {
        if (code is "01" or "02" or "03" or "04" or "05" or "06")
            await MeetAsync(tx, incoming, DeadlineKind.Receipt, now, ct);
        if (code is "02" or "06")
            await MeetAsync(tx, incoming, DeadlineKind.Answer, now, ct);
    }

    /// <summary>A document that was given back wants nothing any more.</summary>
    public static async Task GivenBackAsync(DatabaseTransaction tx, Guid incoming, DateTimeOffset now, CancellationToken ct)
    {
        await MeetAsync(tx, incoming, DeadlineKind.Receipt, now, ct);
        await MeetAsync(tx, incoming, DeadlineKind.Answer, now, ct);
    }

    public static Task<List<OverdueDeadline>> DueAsync(DatabaseTransaction tx, DateTimeOffset now, int atMost, CancellationToken ct) => tx.QueryAsync(
        "SELECT incoming_id, organ, kind, due_at FROM deadline WHERE met_at = 0 AND raised_at = 0 AND due_at <= @now ORDER BY due_at LIMIT @most",
        row => new OverdueDeadline(row.Id(0), row.Text(1), row.Word<DeadlineKind>(2), row.Time(3)), ct, ("now", now), ("most", atMost));

    /// <summary>False when it was met meanwhile, or another node was first.</summary>
    public static async Task<bool> RaiseAsync(DatabaseTransaction tx, OverdueDeadline overdue, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "UPDATE deadline SET raised_at = @now WHERE incoming_id = @id AND kind = @kind AND met_at = 0 AND raised_at = 0", ct,
            ("now", now), ("id", overdue.Incoming), ("kind", overdue.Kind)) == 1;

    public static Task<List<Deadline>> OfAsync(DatabaseTransaction tx, Guid incoming, CancellationToken ct) => tx.QueryAsync(
        "SELECT kind, due_at, met_at, raised_at FROM deadline WHERE incoming_id = @id ORDER BY due_at, kind",
        row => new Deadline(
            row.Word<DeadlineKind>(0), row.Time(1), row.Number(2) == 0 ? null : row.Time(2), row.Number(3) == 0 ? null : row.Time(3)), ct,
        ("id", incoming));

    /// <summary>Overdue now, at this node's units.</summary>
    public static Task<long> OverdueAsync(DatabaseTransaction tx, CancellationToken ct) =>
        tx.NumberAsync("SELECT COUNT(*) FROM deadline WHERE met_at = 0 AND raised_at > 0", ct);

    /// <summary>A unit's deadlines that end within a time, by kind and how they ended.</summary>
    public static Task<List<DeadlineFigures>> FiguresAsync(
        DatabaseTransaction tx, string organ, DateTimeOffset from, DateTimeOffset before, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT kind, SUM(CASE WHEN met_at > 0 AND met_at <= due_at AND raised_at = 0 THEN 1 ELSE 0 END),
               SUM(CASE WHEN met_at > due_at OR (met_at > 0 AND raised_at > 0) THEN 1 ELSE 0 END),
               SUM(CASE WHEN met_at = 0 AND raised_at > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN met_at = 0 AND raised_at = 0 THEN 1 ELSE 0 END)
        FROM deadline WHERE organ = @organ AND due_at >= @from AND due_at < @before GROUP BY kind ORDER BY kind
        """,
        row => new DeadlineFigures(row.Word<DeadlineKind>(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4)), ct,
        ("organ", organ), ("from", from), ("before", before));
}
