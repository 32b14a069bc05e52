namespace VanBanDienTu.Relay.Deadlines;

/// <summary>What a unit must do about a document in time.</summary>
public enum DeadlineKind
{
    /// <summary>Tell the sender of its receipt the same day (NĐ 30/2020 Đ21.2c): any of 01 to 06.</summary>
    Receipt,

    /// <summary>Answer by the date that the sender named (hạn trả lời): 06 or 02, or a document that answers it.</summary>
    Answer,
}

/// <summary>One deadline of a document that arrived.</summary>
/// <param name="Met">When it was done, in time or late.</param>
/// <param name="Raised">When it was found overdue, with evidence.</param>
public sealed record Deadline(DeadlineKind Kind, DateTimeOffset Due, DateTimeOffset? Met, DateTimeOffset? Raised)
{
    /// <summary>Found overdue, and still to be done.</summary>
    public bool Overdue => Raised is not null && Met is null;
}

/// <summary>How many deadlines of a time were kept.</summary>
/// <param name="Open">Neither met nor overdue yet.</param>
public sealed record DeadlineFigures(DeadlineKind Kind, long OnTime, long Late, long Overdue, long Open)
{
    /// <summary>Of those whose time is over; 1 when there are none.</summary>
    public double OnTimeShare => OnTime + Late + Overdue == 0 ? 1 : (double)OnTime / (OnTime + Late + Overdue);
}
