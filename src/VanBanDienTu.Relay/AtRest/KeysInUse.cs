using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>A key that something kept is sealed with.</summary>
/// <param name="Payloads">Payloads and quarantined messages under it.</param>
public sealed record KeyInUse(string Id, long Payloads);

/// <summary>Which keys the content of a database needs.</summary>
public static class KeysInUse
{
    /// <summary>Notes the key that writes from now on, and refuses to begin when one that is needed for reading is not there.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageKeyMissing"/>.</exception>
    internal static async Task DemandAsync(Database database, KeyRing keys, string dataFolder, CancellationToken ct)
    {
        var needed = await database.ReadAsync(
            tx => tx.QueryAsync(
                """
                SELECT k.id FROM storage_key k WHERE EXISTS (SELECT 1 FROM payload p WHERE p.key_id = k.id)
                  OR EXISTS (SELECT 1 FROM quarantine q WHERE q.key_id = k.id) ORDER BY k.first_used_at
                """, row => row.Text(0), ct), ct);
        if (needed.Union(FarPackets.KeysIn(dataFolder), StringComparer.Ordinal).Except(keys.Ids, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            throw KeyRing.Missing(missing);
        if (keys.WritingId is not { } writing)
            return;
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync(
                "INSERT INTO storage_key (id, first_used_at) VALUES (@id, @now) ON CONFLICT (id) DO NOTHING", default, ("id", writing), ("now", tx.Now));
            // A program that knows no sealing must not open this database any more.
            return await tx.ExecuteAsync("UPDATE migration SET readers_from = number WHERE name LIKE '%-sealed-payloads' AND readers_from < number", default);
        });
    }

    /// <summary>What a node's storage is sealed with, whether the node runs or not; nothing is changed.</summary>
    /// <param name="postgres">The database that the node shares; null = its own, in the folder.</param>
    /// <returns>Null when there is no database yet.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    public static async Task<IReadOnlyList<KeyInUse>?> ReadAsync(string dataFolder, PostgresStorage? postgres, CancellationToken ct)
    {
        if (await StoredData.ReadAsync(dataFolder, postgres, async tx => await KnownAsync(tx, ct) ? await CountAsync(tx, ct) : [], ct) is not { } counted)
            return null;
        return [.. counted.Concat(FarPackets.KeysIn(dataFolder).Select(id => new KeyInUse(id, 1)))
            .GroupBy(k => k.Id, StringComparer.Ordinal).Select(g => new KeyInUse(g.Key, g.Sum(k => k.Payloads)))];
    }

    private static async Task<bool> KnownAsync(DatabaseTransaction tx, CancellationToken ct) =>
        await tx.NumberAsync("SELECT COUNT(*) FROM migration WHERE name LIKE '%-sealed-payloads'", ct) > 0;

    private static Task<List<KeyInUse>> CountAsync(DatabaseTransaction tx, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT k.id, (SELECT COUNT(*) FROM payload p WHERE p.key_id = k.id) + (SELECT COUNT(*) FROM quarantine q WHERE q.key_id = k.id)
        FROM storage_key k ORDER BY k.first_used_at, k.id
        """, row => new KeyInUse(row.Text(0), row.Number(1)), ct);
}
