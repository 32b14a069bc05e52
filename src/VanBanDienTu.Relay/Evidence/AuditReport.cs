namespace VanBanDienTu.Relay.Evidence;

/// <summary>One thing that is wrong with a node's evidence.</summary>
/// <param name="Code">To branch on, such as ROW_MISSING.</param>
/// <param name="Node">Whose log; empty for a receipt that no row holds.</param>
/// <param name="Row">The row's number; 0 where there is none.</param>
/// <param name="Vi">Which row, what is wrong, what to do.</param>
public sealed record AuditFinding(string Code, string Node, long Row, string Vi, string En)
{
    /// <summary>Not wrong, but not proven either: no path leads from its signer to an anchor that was given.</summary>
    public bool Undecided { get; init; }

    /// <summary>Further rows of which the same is true.</summary>
    public long Others { get; init; }
}

/// <summary>One node's log as it was found.</summary>
/// <param name="Last">Its last number.</param>
public sealed record AuditedLog(string Node, long Rows, long Last);

/// <summary>What an audit of a node's evidence found.</summary>
/// <param name="Receipts">Documents, arrivals and handovers whose receipt was looked up.</param>
/// <param name="Findings">At most <see cref="MostFindings"/>; those of the logs first, in the order of their rows.</param>
/// <param name="Broken">How many rows and receipts are wrong.</param>
/// <param name="Undecided">How many rows are neither wrong nor proven.</param>
public sealed record AuditReport(IReadOnlyList<AuditedLog> Logs, long Receipts, IReadOnlyList<AuditFinding> Findings, long Broken, long Undecided)
{
    public const int MostFindings = 1000;

    public long Rows => Logs.Sum(log => log.Rows);
}

/// <summary>How far an audit is, in rows.</summary>
public sealed record AuditProgress(long Done, long Total);
