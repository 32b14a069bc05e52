using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Paths;

/// <summary>Sub-indications of ETSI EN 319 102-1 that a path can end in, spelled as the standard spells them.</summary>
public static class PathSubIndications
{
    public const string NoChainFound = "NO_CERTIFICATE_CHAIN_FOUND";
    public const string GeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE";
    public const string ChainConstraints = "CHAIN_CONSTRAINTS_FAILURE";
    public const string OutOfBounds = "OUT_OF_BOUNDS_NO_POE";
    public const string NotYetValid = "NOT_YET_VALID";
    public const string CryptoConstraints = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE";
}

/// <summary>Why a path was refused: the standard's word, our finer code, whose certificate, and one sentence in each language.</summary>
public sealed record PathFailure(string SubIndication, string Code, Certificate Certificate, string Vi, string En);

/// <summary>
/// The answer to «does this certificate lead to an anchor?». <see cref="Chain"/> goes from the certificate asked about to
/// the anchor (included); for a failure it is the most promising path found, possibly the certificate alone.
/// </summary>
public sealed record PathResult(IReadOnlyList<Certificate> Chain, Certificate? Anchor, PathFailure? Failure)
{
    public bool IsValid => Failure is null;

    /// <summary>The chain without its anchor: what a signature embeds and whose revocation is checked.</summary>
    public IEnumerable<Certificate> BelowAnchor => Anchor is null ? Chain : Chain.SkipLast(1);
}
