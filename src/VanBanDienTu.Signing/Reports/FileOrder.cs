namespace VanBanDienTu.Signing.Reports;

/// <summary>The order in which people read a folder's verdicts.</summary>
public static class FileOrder
{
    /// <summary>Failed, unreadable, indeterminate, unsigned, passed; within each as they were given, so the same input gives the same order.</summary>
    public static IEnumerable<FileVerdict> ExceptionsFirst(IEnumerable<FileVerdict> files) => files.OrderBy(f => f.Verdict switch
    {
        FileOutcome.TotalFailed => 0,
        FileOutcome.Unreadable => 1,
        FileOutcome.Indeterminate => 2,
        FileOutcome.NoSignature => 3,
        _ => 4,
    });
}
