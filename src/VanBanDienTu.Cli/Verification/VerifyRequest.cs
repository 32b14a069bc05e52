using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Cli.Verification;

/// <summary>What <c>vbdt verify</c> was asked.</summary>
/// <param name="Paths">Files, folders, or «-» for standard input.</param>
/// <param name="TrustFolder">Null = no anchors: nothing is trusted then.</param>
/// <param name="At">Judge as of this time; null = now.</param>
internal sealed record VerifyRequest(IReadOnlyList<string> Paths, string? TrustFolder, bool AllowSampleTrust, DateTimeOffset? At, RevocationOptions Revocation)
{
    /// <summary>The id that the trust snapshot must have, from the trust folder or from the cache; null = any.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Where the verdicts are kept as they come, so that a stopped run goes on; null = nowhere after the run.</summary>
    public string? StateFile { get; init; }

    /// <summary>Folder of earlier snapshots and of what authorities answered; null = none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Another table of algorithms; null = ours.</summary>
    public string? AlgorithmsFile { get; init; }

    /// <summary>Opens those files that are encrypted.</summary>
    public PdfPassword? Password { get; init; }
}
