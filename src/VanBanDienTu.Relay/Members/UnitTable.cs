using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Members;

internal static class UnitTable
{
    private const string Select =
        "SELECT code, name, parent, old_code, mail, successor, locked, deleted, source, authority, source_version, version, changed_at FROM unit";

    public static Task<Unit?> FindAsync(DatabaseTransaction tx, string code, CancellationToken ct) =>
        tx.FirstAsync($"{Select} WHERE code = @code{tx.Locked("unit")}", Read, ct, ("code", code));

    public static Task<long> VersionAsync(DatabaseTransaction tx, CancellationToken ct) => tx.NumberAsync("SELECT MAX(version) FROM unit", ct);

    /// <summary>How far a source was followed.</summary>
    public static Task<long> FollowedAsync(DatabaseTransaction tx, string source, CancellationToken ct) =>
        tx.NumberAsync("SELECT MAX(source_version) FROM unit WHERE source = @source", ct, ("source", source));

    /// <summary>In the order of versions.</summary>
    public static Task<List<Unit>> AfterAsync(DatabaseTransaction tx, long version, int atMost, CancellationToken ct) =>
        tx.QueryAsync($"{Select} WHERE version > @version ORDER BY version LIMIT @most", Read, ct, ("version", version), ("most", atMost));

    /// <summary>In the order of codes, those that are there.</summary>
    public static Task<List<Unit>> PageAsync(DatabaseTransaction tx, string afterCode, int atMost, CancellationToken ct) => tx.QueryAsync(
        $"{Select} WHERE code > @after ORDER BY code LIMIT @most", Read, ct, ("after", afterCode), ("most", atMost));

    public static Task<List<Unit>> SpecialAsync(DatabaseTransaction tx, CancellationToken ct) => tx.QueryAsync(
        $"{Select} WHERE old_code IS NOT NULL OR successor IS NOT NULL OR locked = 1 OR deleted = 1 OR authority = 1", Read, ct);

    public static Task<List<string>> CodesOfAsync(DatabaseTransaction tx, string source, CancellationToken ct) =>
        tx.QueryAsync("SELECT code FROM unit WHERE source = @source AND deleted = 0", row => row.Text(0), ct, ("source", source));

    /// <summary>Written at the end of the transaction, so that a follower never sees a greater version before a smaller one.</summary>
    public static void Put(DatabaseTransaction tx, Unit unit, DateTimeOffset now) => tx.AtEnd(() => tx.ExecuteAsync(
        """
        INSERT INTO unit (code, name, parent, old_code, mail, successor, locked, deleted, source, authority, source_version, version, changed_at)
        SELECT @code, @name, @parent, @old, @mail, @successor, @locked, @deleted, @source, @authority, @sourceVersion, COALESCE(MAX(version), 0) + 1, @now FROM unit
        WHERE 1 = 1
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent = excluded.parent, old_code = excluded.old_code, mail = excluded.mail,
          successor = excluded.successor, locked = excluded.locked, deleted = excluded.deleted, source = excluded.source,
          authority = excluded.authority, source_version = excluded.source_version, version = excluded.version, changed_at = excluded.changed_at
        """, default,
        ("code", unit.Code), ("name", unit.Name), ("parent", unit.Parent), ("old", unit.OldCode), ("mail", unit.Mail), ("successor", unit.Successor),
        ("locked", unit.Locked), ("deleted", unit.Deleted), ("source", unit.Source), ("authority", (int)unit.Authority),
        ("sourceVersion", unit.SourceVersion), ("now", now)));

    private static Unit Read(Row row) => new(row.Text(0), row.Text(1))
    {
        Parent = row.TextOrNull(2),
        OldCode = row.TextOrNull(3),
        Mail = row.TextOrNull(4),
        Successor = row.TextOrNull(5),
        Locked = row.Truth(6),
        Deleted = row.Truth(7),
        Source = row.Text(8),
        Authority = (UnitAuthority)row.Int(9),
        SourceVersion = row.Number(10),
        Version = row.Number(11),
        Changed = row.Time(12),
    };
}
