namespace VanBanDienTu.Cli.Verification;

/// <summary>What <c>vbdt verify</c> was asked.</summary>
/// <param name="Paths">Files, folders, or «-» for standard input.</param>
/// <param name="TrustFolder">Null = no anchors: nothing is trusted then.</param>
/// <param name="At">Judge as of this time; null = now.</param>
internal sealed record VerifyRequest(IReadOnlyList<string> Paths, string? TrustFolder, bool AllowSampleTrust, DateTimeOffset? At, bool Offline);
