namespace VanBanDienTu.Signing.Reports;

/// <summary>The order in which people read a folder's verdicts.</summary>
public static class FileOrder
{
    /// <summary>Failed, unreadable, indeterminate, unsigned, passed; within each as they were given, so the same input gives the same order.
    /// A file is read when its turn comes.</summary>
    public static IEnumerable<FileVerdict> ExceptionsFirst(IReadOnlyList<FileVerdict> files)
    {
        var outcomes = Outcomes(files);
        return Enumerable.Range(0, files.Count).OrderBy(i => Rank(outcomes[i])).Select(i => files[i]);
    }

    /// <summary>The words of all files, in their order.</summary>
    public static IReadOnlyList<FileOutcome> Outcomes(IReadOnlyList<FileVerdict> files) =>
        files is VerdictSpill spill ? spill.Outcomes : [.. files.Select(f => f.Verdict)];

    /// <summary>How many files have each word, exceptions first.</summary>
    public static IEnumerable<(FileOutcome Outcome, int Count)> Counts(IReadOnlyList<FileVerdict> files) =>
        Outcomes(files).GroupBy(o => o).OrderBy(g => Rank(g.Key)).Select(g => (g.Key, g.Count()));

    private static int Rank(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TotalFailed => 0,
        FileOutcome.Unreadable => 1,
        FileOutcome.Indeterminate => 2,
        FileOutcome.NoSignature => 3,
        _ => 4,
    };
}
