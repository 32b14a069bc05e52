using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Paths;

/// <summary>
/// Finds a path from a certificate to any trust anchor and validates it at any instant. Every candidate issuer is tried,
/// cross-certificates and sub-CA anchors included; the search is bounded, so a hostile pool costs at most
/// <see cref="MaxSignatureChecks"/> signature checks.
/// </summary>
/// <remarks>Source: RFC 4158 (building), RFC 5280 section 6 (validation), ETSI EN 319 102-1 clause 5.2.6 (sub-indications).
/// Revocation is judged apart, by Revocation.</remarks>
/// <param name="algorithms">Until when algorithms may be relied on; null for the default table, whose forecasts
/// then fail nobody: a node's TLS must not end on a day that was only foreseen.</param>
public sealed class PathValidator(AlgorithmPolicy? algorithms = null)
{
    /// <summary>Certificates in a path, anchor included.</summary>
    public const int MaxLength = 12;

    /// <summary>Signatures checked in one search; facts already known are free.</summary>
    public const int MaxSignatureChecks = 120;

    /// <summary>Candidate issuers looked at in one search.</summary>
    public const int MaxSteps = 2_000;

    private static readonly AlgorithmPolicy Lenient = AlgorithmPolicy.Default.WithoutForecasts;

    /// <param name="leaf">The certificate asked about.</param>
    /// <param name="pool">Certificates that may stand between it and an anchor; order and duplicates do not matter.</param>
    /// <param name="trust">The anchors.</param>
    /// <param name="at">The instant at which every certificate of the path must be within its validity.</param>
    /// <param name="purpose">What the leaf was used for.</param>
    public PathResult Validate(
        Certificate leaf, IEnumerable<Certificate> pool, TrustSnapshot trust, DateTimeOffset at, PathPurpose purpose) =>
        new PathSearch(pool, trust, at, purpose, algorithms ?? Lenient).Run(leaf);
}
