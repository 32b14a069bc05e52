using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing;

/// <summary>
/// The verdict on one signature or document timestamp. Three answers, never one tick: are the bytes intact, what is
/// covered, what changed after; then who signed and whether that is trusted.
/// </summary>
public sealed record SignatureVerdict
{
    public required string Field { get; init; }
    public required SignatureKind Kind { get; init; }

    /// <summary>personal, organization, or null when the certificate's subject does not tell.</summary>
    public required string? Role { get; init; }
    public required bool Visible { get; init; }

    /// <summary>The page of its widget, from 1; null when it has none.</summary>
    public required int? Page { get; init; }
    public required double[]? Rect { get; init; }

    /// <summary>Ours: a suspicious later change or a partial cover is TOTAL-FAILED here.</summary>
    public required Indication Indication { get; init; }
    public required string? SubIndication { get; init; }

    /// <summary>The standard's own answer, which has no word for later changes.</summary>
    public required Indication EtsiIndication { get; init; }
    public required IReadOnlyList<Reason> Reasons { get; init; }

    public required Integrity Integrity { get; init; }
    public required SignatureValue? SignatureValue { get; init; }

    /// <summary>True when a valid certificate path leads to an anchor of the snapshot.</summary>
    public required bool Trusted { get; init; }
    public required Coverage Coverage { get; init; }
    public required long[] ByteRange { get; init; }

    /// <summary>The revision that it signs, from 1.</summary>
    public required int? Revision { get; init; }
    public required LaterChange LaterChanges { get; init; }
    public required IReadOnlyList<ChangeVerdict> Changes { get; init; }

    /// <summary>B-B, B-T, B-LT, B-LTA; null when not even B-B.</summary>
    public required string? Level { get; init; }
    public required IReadOnlyList<string> MissingForNextLevel { get; init; }
    public required string? SubFilter { get; init; }
    public required string? Digest { get; init; }
    public required AlgorithmVerdict? Algorithm { get; init; }
    public required SignerVerdict? Signer { get; init; }

    /// <summary>What the signer claims: /M, else the CMS signing-time.</summary>
    public required DateTimeOffset? ClaimedTime { get; init; }

    /// <summary>The earliest time at which the signature is proven to have existed; without a proof, the time of verification.</summary>
    public required DateTimeOffset? BestTime { get; init; }
    public required IReadOnlyList<ProofVerdict> Proofs { get; init; }
    public required IReadOnlyList<TimestampVerdict> Timestamps { get; init; }
    public required IReadOnlyList<ChainVerdict> Chain { get; init; }
    public required IReadOnlyList<RevocationVerdict> Revocation { get; init; }
    public required int? DocMdp { get; init; }
    public required string? FieldMdp { get; init; }
    public required LocalText Text { get; init; }
    public required LocalText NextStep { get; init; }
}

/// <summary>What one later revision did to one object.</summary>
public sealed record ChangeVerdict(int Revision, [property: JsonPropertyName("class")] string ChangeClass, string Object, LocalText Text);

/// <summary>The signature algorithm; <paramref name="Size"/> in bits.</summary>
public sealed record AlgorithmVerdict(string Name, int? Size, string? Padding, string? AcceptableUntil);

/// <summary>Who signed, as the certificate says.</summary>
public sealed record SignerVerdict(string Subject, string? Name, string? OrganId, string Serial, string Issuer, string Sha256);

/// <summary>A proof that the signature existed at a time, and whether the verdict rests on it.</summary>
public sealed record ProofVerdict(string Kind, DateTimeOffset Time, bool Used);

/// <summary>A timestamp over or inside the signature.</summary>
public sealed record TimestampVerdict(string Kind, Integrity Integrity, DateTimeOffset? Time, string? Authority, Indication Indication);

/// <summary>One certificate of the path, leaf first.</summary>
public sealed record ChainVerdict(string Subject, string Sha256, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool Anchor);

/// <summary>One answer about one certificate's status.</summary>
public sealed record RevocationVerdict(
    string Serial,
    string Status,
    string? Source,
    DateTimeOffset? ThisUpdate,
    DateTimeOffset? NextUpdate,
    DateTimeOffset? ProducedAt,
    DateTimeOffset? RevokedAt,
    string? Reason,
    string? Responder,
    string? Url,
    string? Sha256,
    bool Embedded);
