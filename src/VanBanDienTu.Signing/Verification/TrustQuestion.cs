using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Is a certificate to be trusted for something that it made?</summary>
/// <param name="Certificate">Of the signer or of the timestamp authority.</param>
/// <param name="Pool">Certificates that came along.</param>
/// <param name="Embedded">Revocation answers that came along.</param>
/// <param name="Purpose">What the certificate was used for.</param>
/// <param name="At">The instant of judgement.</param>
/// <param name="Proven">The earliest instant at which the thing is proven to have existed; null when nothing proves it.</param>
/// <param name="ProofOf">The earliest proof that a revocation answer existed in the document.</param>
internal sealed record TrustQuestion(
    Certificate Certificate,
    IReadOnlyList<Certificate> Pool,
    EmbeddedRevocation Embedded,
    PathPurpose Purpose,
    DateTimeOffset At,
    DateTimeOffset? Proven,
    Func<ReadOnlyMemory<byte>, DateTimeOffset?> ProofOf)
{
    /// <summary>Revocation answers kept of earlier verifications.</summary>
    public EmbeddedRevocation Kept { get; init; } = EmbeddedRevocation.None;

    /// <summary>Remembers what the answer rests on, and what authorities were asked.</summary>
    public required EvidenceCollector Evidence { get; init; }

    /// <summary>By when all that an answer rests on is proven to have existed; null when something of it is not.</summary>
    public DateTimeOffset? ProofOfAll(RevocationAnswer answer)
    {
        if (answer.Further.Count == 0)
            return ProofOf(answer.Raw);
        DateTimeOffset? latest = null;
        foreach (var data in answer.Further.Prepend(answer.Raw))
        {
            if (ProofOf(data) is not { } proven)
                return null;
            latest = latest > proven ? latest : proven;
        }
        return latest;
    }

    /// <summary>For a timestamp: the time in it, at which its authority must have been good.</summary>
    public DateTimeOffset? StampedAt { get; init; }
}

/// <summary>Whether a certificate is trusted: path, then revocation. Null sub-indication means yes.</summary>
/// <param name="RestsOnProof">It is trusted only because something proves that the signature is older than what speaks against it.</param>
internal sealed record TrustOutcome(PathResult Path, IReadOnlyList<RevocationAnswer> Revocation, Indication Indication, string? SubIndication, Reason? Reason, bool RestsOnProof = false)
{
    public bool Passed => Indication == Indication.TotalPassed;
}
