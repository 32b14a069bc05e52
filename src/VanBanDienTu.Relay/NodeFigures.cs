using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay;

/// <summary>What a node has in hand. Each figure is read from an index of what is not done yet: what is done, however much, costs nothing.</summary>
/// <param name="Preparing">Documents received and not yet signed and packed.</param>
/// <param name="Held">Documents waiting for an authority or a person.</param>
/// <param name="Unconfirmed">Arrived and not yet fetched by their unit.</param>
/// <param name="AnswersFailed">Statuses that could not be delivered.</param>
/// <param name="Waiting">Messages by next hop, and since when the oldest waits.</param>
internal sealed record NodeFigures(
    long Preparing, long Held, long Unconfirmed, long AnswersFailed, IReadOnlyDictionary<string, (long Count, DateTimeOffset Oldest)> Waiting)
{
    public static async Task<NodeFigures> ReadAsync(DatabaseTransaction tx, CancellationToken ct)
    {
        var open = (await tx.QueryAsync(
            "SELECT state, COUNT(*) FROM document WHERE state IN ('Received', 'Signing', 'Held') GROUP BY state", row => (State: row.Text(0), Count: row.Number(1)), ct))
            .ToLookup(s => s.State == "Held", s => s.Count);
        var waiting = await tx.QueryAsync(
            "SELECT destination, COUNT(*), MIN(queued_at) FROM outbox GROUP BY destination", row => (Name: row.Text(0), Count: row.Number(1), Oldest: row.Time(2)), ct);
        return new NodeFigures(
            open[false].Sum(), open[true].Sum(),
            await tx.NumberAsync("SELECT COUNT(*) FROM incoming WHERE confirmed_at = 0", ct),
            await tx.NumberAsync("SELECT COUNT(*) FROM answer WHERE state = 'Failed'", ct),
            waiting.ToDictionary(w => w.Name, w => (w.Count, w.Oldest), StringComparer.Ordinal));
    }
}
