using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>Everything that a node on SQLite makes durable in its data folder. A sync that is in none of these, or one of these without which nothing is lost, is a finding.</summary>
internal static class NodeDuties
{
    public static IReadOnlyList<SyncClass> All { get; } =
    [
        new(@"\.", Names: true), // the data folder itself
        new(@"relay\.db", Names: true),
        new(@"relay\.db", Names: false), // before the log begins anew
        new(@"relay\.db-wal", Names: true),
        new(@"relay\.db-wal", Names: false),
        new("segments", Names: true),
        new("segments/[0-9]{8}", Names: true),
        new("segments/[0-9]{8}", Names: false),
        new("payloads", Names: true),
        new("payloads/[0-9a-f]{2}", Names: true),
        new("payloads/[0-9a-f]{2}/[0-9a-f]{2}", Names: true),
        new("payloads/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}", Names: true),
        new(@"uploads/[^.]+", Names: false), // a payload before it has its name
    ];

    /// <summary>Syncs without which nothing is lost here.</summary>
    public static IReadOnlyList<SyncClass> Elsewhere { get; } =
    [
        new("far", Names: true), // raw packets: a test of their own
        new("uploads", Names: true), // unfinished uploads: a cut costs what came since the last sync, and nobody was told otherwise
        new(@"uploads/[^.]+\.sums", Names: false),
        new("incomplete/[0-9a-f]{32}", Names: false), // payloads that did not come over the wire: the same test as for raw packets
        new(@"relay\.db-journal", Names: false), // SQLite's, once, before the database has its write-ahead log
        new("work/.*", Names: false), // signing a large file syncs what it made, wherever that is
        new("work/.*", Names: true),
        new(@"issued\.json(\.part)?", Names: false), // by which an older database is noticed: a cut costs what came since the last sync, and no disk comes back older
    ];

    /// <summary>Syncs of a log that serve no duty, one sentence each.</summary>
    public static IEnumerable<string> Idle(DiskLog log)
    {
        var duties = All.Concat(Elsewhere).ToList();
        var names = log.Calls.Where(c => c.Kind is DiskCallKind.Create or DiskCallKind.MakeFolder or DiskCallKind.Rename)
            .Select(c => c.Kind == DiskCallKind.Rename ? c.Second : c.Path).ToHashSet(StringComparer.Ordinal);
        var homes = names.Where(n => duties.Exists(d => d.Names && d.Covers(n))).Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        return log.Calls.Where(c => c.Kind == DiskCallKind.SyncBegin && !homes.Contains(c.Path) && !duties.Exists(d => !d.Names && d.Covers(c.Path)))
            .Select(c => $"a sync of {c.Path} serves no duty");
    }

    public static string FolderOf(string path) => path == "." ? ".." : Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
}
