using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Which PAdES baseline level a signature has, and what the next one would need.</summary>
/// <remarks>Source: ETSI EN 319 142-1, clause 6.</remarks>
internal sealed record SignatureLevel(string? Level, IReadOnlyList<string> Missing)
{
    public static SignatureLevel Of(JudgementContext context, CheckedSignature signature, TrustOutcome? trust, IReadOnlyList<TimestampVerdict> timestamps)
    {
        var material = signature.Material;
        if (material.IsTimestamp)
            return new SignatureLevel(null, []);
        var lacking = BaselineLacks(signature).ToList();
        if (lacking.Count > 0)
            return new SignatureLevel(null, lacking);
        var revision = material.Gate.SignedRevision!.Value;
        var laterStamps = context.StampedRevisions.Where(r => r > revision).ToList();
        if (!timestamps.Any(t => t is { Kind: "signature", Integrity: Integrity.Intact }) && laterStamps.Count == 0)
            return new SignatureLevel("B-B", ["signature-timestamp"]);
        var unproven = NotEmbedded(trust).ToList();
        if (unproven.Count > 0)
            return new SignatureLevel("B-T", unproven);
        return laterStamps.Exists(r => DocumentSecurityStore.In(context.File, r))
            ? new SignatureLevel("B-LTA", [])
            : new SignatureLevel("B-LT", ["document-timestamp"]);
    }

    private static IEnumerable<string> BaselineLacks(CheckedSignature signature)
    {
        var material = signature.Material;
        if (!string.Equals(material.Dictionary.SubFilter, SubFilters.Cades, StringComparison.Ordinal))
            yield return "sub-filter:" + SubFilters.Cades;
        if (signature.Integrity != Integrity.Intact || !material.Gate.Ok)
            yield return "intact";
        if (material.Signer is not { } signer)
            yield break;
        if (signature.Check.Signer is null || signer.SigningCertificate?.Matches(signature.Check.Signer) != true)
            yield return "signing-certificate-v2";
        if (signer.SigningTime is not null)
            yield return "no-cms-signing-time";
        if (material.Cms!.Signers.Count > 1)
            yield return "one-signer-info";
        if (material.Cms.Content is not null)
            yield return "detached-content";
        if (material.Dictionary.Certificates.Count > 0)
            yield return "no-cert-entry";
    }

    private static IEnumerable<string> NotEmbedded(TrustOutcome? trust)
    {
        if (trust is null || !trust.Path.IsValid)
            return ["certificate-path"];
        return trust.Revocation.Where(a => !a.InDocument || a.Status == RevocationStatus.Unknown).Select(a => $"revocation:{a.Certificate.CommonName}");
    }
}
