namespace VanBanDienTu.Signing;

/// <summary>The verdict on a timestamp that stands in no document, and what it rests on.</summary>
public sealed record StampVerdict(TimestampVerdict Timestamp, VerdictEvidence Evidence)
{
    /// <summary>The proven time; null when the timestamp proves nothing.</summary>
    public DateTimeOffset? Time => Timestamp.Indication == Indication.TotalPassed ? Timestamp.Time : null;
}
