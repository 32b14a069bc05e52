namespace VanBanDienTu.Signing;

/// <summary>The words of <see cref="FileOutcome"/> as reports spell them.</summary>
public static class FileOutcomes
{
    public static string Word(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TotalPassed => "TOTAL-PASSED",
        FileOutcome.TotalFailed => "TOTAL-FAILED",
        FileOutcome.Indeterminate => "INDETERMINATE",
        FileOutcome.NoSignature => "NO-SIGNATURE",
        _ => "UNREADABLE",
    };
}
