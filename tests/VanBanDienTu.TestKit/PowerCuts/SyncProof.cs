namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>Proves that files are durable, and that each duty is needed for that: without it one of them is lost.</summary>
public static class SyncProof
{
    /// <param name="log">Of the folder, from its beginning.</param>
    /// <param name="folder">As it is now.</param>
    /// <param name="files">Relative to the folder; they must be there after a power cut, byte for byte.</param>
    /// <param name="duties">What the program makes durable for them.</param>
    /// <param name="instant">Of the cut; <see cref="long.MaxValue"/> = after all that was done.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static IReadOnlyList<string> Findings(DiskLog log, string folder, IReadOnlyList<string> files, IEnumerable<SyncClass> duties, long instant = long.MaxValue)
    {
        var findings = new List<string>();
        if (Lost(log, new PowerCut(instant, Survival.Synced), folder, files) is { Count: > 0 } lost)
            findings.Add($"lost: {string.Join(", ", lost)}");
        findings.AddRange(
            from duty in duties
            where Lost(log, new PowerCut(instant, Survival.Synced) { Forgotten = duty }, folder, files).Count == 0
            select $"without a sync of {duty} nothing is lost");
        return findings;
    }

    private static List<string> Lost(DiskLog log, PowerCut cut, string folder, IReadOnlyList<string> files)
    {
        using var place = new TemporaryFolder();
        Disk.Restore(log, cut, place["disk"]);
        return [.. files.Where(f => !Same(Path.Combine(folder, f), Path.Combine(place["disk"], f)))];
    }

    private static bool Same(string now, string after) =>
        File.Exists(after) && File.ReadAllBytes(now).AsSpan().SequenceEqual(File.ReadAllBytes(after));
}
