using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Verification;

/// <summary>A proof from a document timestamp: everything up to that revision existed at that time.</summary>
internal sealed record DocumentProof(int Revision, DateTimeOffset Time);

/// <summary>What judging one file's signatures has in common.</summary>
internal sealed record JudgementContext(PdfFile File, TrustJudge Trust, VerifierOptions Options, DocumentSecurityStore Store, DateTimeOffset At)
{
    /// <summary>Filled from the newest document timestamp to the oldest, before any signature is judged.</summary>
    public List<DocumentProof> Proofs { get; } = [];

    /// <summary>Intact document timestamps by the revision they close, trusted or not: what the level asks for.</summary>
    public List<int> StampedRevisions { get; } = [];

    /// <summary>Revocation answers that came in the CMS itself: in SignedData.crls or in Adobe's attribute.</summary>
    public static Revocation.EmbeddedRevocation EmbeddedIn(SignatureMaterial material) =>
        material.Cms is not { } cms ? Revocation.EmbeddedRevocation.None : AdobeRevocation.Read(cms, material.Signer);
}
