using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Signing;

/// <summary>What became of one file.</summary>
/// <param name="Signed">When it was signed now.</param>
/// <param name="Failure">When it failed: the sentence for people and the exit code.</param>
internal sealed record SigningResult(SigningJob Job, SigningOutcome Outcome, SignedPdf? Signed = null, Failure? Failure = null);
