using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Verification;

/// <summary>What judging one file's signatures has in common.</summary>
/// <param name="Proofs">Filled from the newest document timestamp to the oldest, before any signature is judged.</param>
internal sealed record JudgementContext(PdfFile File, TrustJudge Trust, VerifierOptions Options, DocumentSecurityStore Store, ProofStore Proofs, DateTimeOffset At, EvidenceCollector Evidence)
{
    private const int MaxTokens = 20;

    /// <summary>Intact document timestamps by the revision they close, trusted or not: what the level asks for.</summary>
    public List<int> StampedRevisions { get; } = [];

    /// <summary>Revocation answers that came in the CMS itself: in SignedData.crls, in Adobe's attribute, in its timestamps.</summary>
    public static EmbeddedRevocation EmbeddedIn(SignatureMaterial material)
    {
        if (material.Cms is not { } cms)
            return EmbeddedRevocation.None;
        var all = AdobeRevocation.Read(cms, material.Signer);
        if (material.Signer?.Unsigned(Oids.SignatureTimestamp) is not { Count: > 0 } tokens)
            return all;
        foreach (var token in tokens.Take(MaxTokens))
        {
            try
            {
                all = TimestampJudge.Joined(all, TimestampToken.Parse(token.Raw).Revocation);
            }
            catch (SigningException)
            {
                // A token that cannot be read proves nothing and brings nothing.
            }
        }
        return all;
    }
}
