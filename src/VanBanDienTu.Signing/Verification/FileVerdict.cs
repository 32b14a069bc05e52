using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing;

/// <summary>The report of one run over one or more files; as JSON it is the contract of DESIGN.md section 5.</summary>
public sealed record VerificationReport(
    string Program,
    PolicyReference Policy,
    DateTimeOffset Time,
    TrustReference Trust,
    IReadOnlyList<FileVerdict> Files);

/// <summary>Which rules judged.</summary>
public sealed record PolicyReference(string Id, string Version);

/// <summary>Which anchors were trusted; <paramref name="Sample"/> marks anchors that must never be trusted in earnest.</summary>
public sealed record TrustReference(string Id, int Anchors, bool Sample);

/// <summary>The verdict on one file.</summary>
public sealed record FileVerdict
{
    /// <summary>The file's name as the caller gave it.</summary>
    public required string File { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the whole file, lower-case hex; null when the file could not be read to its end.</summary>
    public required string? Sha256 { get; init; }

    /// <summary>The same for the same file, trust snapshot, policy, time and evidence set.</summary>
    public required string ReportId { get; init; }

    /// <summary>Names the certificates, revocation answers and timestamps that the verdict rests on; null when it rests on none.</summary>
    public required string? EvidenceSet { get; init; }

    public required FileOutcome Verdict { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<SignatureVerdict> Signatures { get; init; }

    /// <summary>False when nothing is known about its signatures: it could not be read, or not within the limits.</summary>
    [JsonIgnore]
    public bool Examined => Verdict != FileOutcome.Unreadable && (Verdict != FileOutcome.Indeterminate || Signatures.Count > 0);
}

/// <summary>Something noticed: a code to branch on, where it is, one sentence.</summary>
public sealed record Finding(string Code, Severity Severity, FindingPlace? Where, LocalText Text);

/// <summary>Where in the file; unknown parts are null. Revisions count from 1.</summary>
public sealed record FindingPlace(int? Object, int? Generation, long? Offset, int? Revision);

/// <summary>Why an indication is what it is.</summary>
public sealed record Reason(string Code, LocalText Text);
