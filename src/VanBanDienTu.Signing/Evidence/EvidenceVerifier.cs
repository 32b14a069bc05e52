using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Evidence;

/// <summary>Checks a detached signature over evidence, offline: bytes, value, and path to an anchor at a given time.</summary>
public static class EvidenceVerifier
{
    /// <summary>Larger signatures are refused: ours have some 3 KB.</summary>
    public const int MaxSignatureBytes = 1 << 20;

    /// <summary>Verifies; bad input is an answer, never an exception. Revocation is not asked here.</summary>
    /// <param name="content">The signed bytes.</param>
    /// <param name="p7s">The DER of the detached CMS.</param>
    /// <param name="trust">The anchors.</param>
    /// <param name="at">The instant at which the path must hold: when the evidence was received, or now.</param>
    /// <param name="known">Paths found before; null = every path is built anew.</param>
    public static EvidenceVerdict Verify(
        ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> p7s, TrustSnapshot trust, DateTimeOffset at, EvidencePaths? known = null)
    {
        try
        {
            if (p7s.Length > MaxSignatureBytes)
                throw BerElement.Malformed($"it is larger than {MaxSignatureBytes} bytes");
            return Judge(content, CmsSignedData.Parse(p7s), trust, at, known ?? new EvidencePaths());
        }
        catch (SigningException e)
        {
            return new EvidenceVerdict(false, null, "malformed", new LocalText(e.Vietnamese, e.Message));
        }
    }

    private static EvidenceVerdict Judge(ReadOnlyMemory<byte> content, CmsSignedData cms, TrustSnapshot trust, DateTimeOffset at, EvidencePaths known)
    {
        if (cms.Signers.Count != 1)
            throw BerElement.Malformed($"it has {cms.Signers.Count} signers instead of one");
        var signer = cms.Signers[0];
        var pool = cms.Certificates.Select(Certificate.TryParse).OfType<Certificate>().ToList();
        var check = CmsCheck.Of(signer, pool, oid => MessageHash.TryCompute(oid, content.Span, out var hash) ? hash : null);
        if (check.Integrity != Integrity.Intact)
            return Refused(check.Signer, check.Reasons[0]);
        if (signer.SigningCertificate?.Matches(check.Signer!) == false)
            return Refused(check.Signer, CmsReasons.CertificateReferenceMismatch);
        var path = known.Find(check.Signer!, pool, trust, at);
        return path.Failure is { } failure
            ? Refused(check.Signer, new Reason(failure.SubIndication, new LocalText(failure.Vi, failure.En))) with { Intact = true }
            : new EvidenceVerdict(true, check.Signer, null, null) { Intact = true };
    }

    private static EvidenceVerdict Refused(Certificate? signer, Reason reason) => new(false, signer, reason.Code, reason.Text);
}
