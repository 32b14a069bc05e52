using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Turns the facts about one signature into its verdict, in the order of EN 319 102-1: format, certificate, cryptography, trust, algorithms.</summary>
internal sealed class SignatureJudge(JudgementContext context, CheckedSignature signature)
{
    private readonly SignatureMaterial _material = signature.Material;
    private readonly List<Reason> _reasons = [.. signature.Check.Reasons];
    private TrustOutcome? _trust;
    private IReadOnlyList<TimestampVerdict> _timestamps = [];
    private IReadOnlyList<ProofVerdict> _proofs = [];
    private DateTimeOffset _best = context.At;

    public async Task<SignatureVerdict> RunAsync(CancellationToken cancellation)
    {
        var embedded = TimestampJudge.Joined(JudgementContext.EmbeddedIn(_material), context.Store.Revocation);
        var pool = _material.Certificates.Concat(context.Store.Certificates).ToList();
        if (_material.Signer is { } signer && !_material.IsTimestamp)
            _timestamps = await TimestampJudge.SignatureTimestampsAsync(signer, context.Trust, pool, embedded, context.At, cancellation);
        FindBestTime();
        if (signature.Check.Signer is { } certificate)
            _trust = await context.Trust.JudgeAsync(certificate, pool, embedded, _best, _proofs.Count > 0, _material.IsTimestamp ? PathPurpose.Timestamping : PathPurpose.Signing, cancellation);
        var (etsi, sub) = Etsi();
        var ours = Ours(etsi, ref sub);
        RememberDocumentTimestamp(ours);
        return VerdictOf(etsi, sub, ours);
    }

    private void FindBestTime()
    {
        var revision = _material.Gate.SignedRevision ?? int.MaxValue;
        var proofs = _timestamps.Where(t => t.Indication == Indication.TotalPassed).Select(t => (Kind: "signature-timestamp", Time: t.Time!.Value))
            .Concat(context.Proofs.Where(p => p.Revision > revision).Select(p => (Kind: "document-timestamp", p.Time)))
            .Where(p => p.Time <= context.At).OrderBy(p => p.Time).ToList();
        if (proofs.Count > 0)
            _best = proofs[0].Time;
        _proofs = proofs.ConvertAll(p => new ProofVerdict(p.Kind, p.Time, p.Time == _best));
    }

    private (Indication, string?) Etsi()
    {
        switch (signature.Integrity)
        {
            case Integrity.Malformed:
                if (signature.Check.Integrity == Integrity.Intact)
                    _reasons.Add(new Reason(_material.Gate.Code, new LocalText(_material.Gate.Vi, _material.Gate.En)));
                return (Indication.TotalFailed, "FORMAT_FAILURE");
            case Integrity.Broken:
                return (Indication.TotalFailed, signature.Check.SubIndication);
            case Integrity.Unsupported:
                return (Indication.Indeterminate, signature.Check.SubIndication);
        }
        if (_material.Cms?.Signers.Count > 1)
            return Because(Indication.TotalFailed, "FORMAT_FAILURE", VerdictReasons.SeveralSigners);
        if (_material.Signer?.SigningCertificate?.Matches(signature.Check.Signer!.Der.Span) == false)
            return Because(Indication.Indeterminate, "NO_SIGNING_CERTIFICATE_FOUND", CmsReasons.CertificateReferenceMismatch);
        if (_trust is { Reason: { } why } distrust)
            return Because(distrust.Indication, distrust.SubIndication!, why);
        return ExpiredAlgorithm() is { } expired
            ? Because(Indication.Indeterminate, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", VerdictReasons.AlgorithmExpired(expired.Name, expired.Until))
            : (Indication.TotalPassed, null);
    }

    private (string Name, DateOnly Until)? ExpiredAlgorithm()
    {
        if (signature.Check is not { Algorithm: { } algorithm, Signer: { } signer })
            return null;
        if (context.Options.Algorithms.FirstExpired(algorithm, signer.PublicKey, _best) is { } expired)
            return expired;
        var digest = MessageHash.Name(signature.Check.DigestOid);
        return context.Options.Algorithms.HashUntil(digest) is { } until && until <= context.Options.Algorithms.Updated && DateOnly.FromDateTime(_best.UtcDateTime) > until
            ? (digest, until)
            : null;
    }

    private (Indication, string?) Because(Indication indication, string sub, Reason reason)
    {
        _reasons.Add(reason);
        return (indication, sub);
    }

    private Indication Ours(Indication etsi, ref string? sub)
    {
        if (signature.Integrity == Integrity.Malformed || (signature.LaterChanges != LaterChange.Suspicious && signature.Coverage != Coverage.Partial))
            return etsi;
        _reasons.Insert(0, signature.Coverage == Coverage.Partial ? VerdictReasons.Partial : VerdictReasons.SuspiciousChange);
        // The standard's own reason stays visible only when it failed by itself.
        if (etsi != Indication.TotalFailed)
            sub = null;
        return Indication.TotalFailed;
    }

    private void RememberDocumentTimestamp(Indication ours)
    {
        if (!_material.IsTimestamp || signature.Integrity != Integrity.Intact || _material.Gate is not { Ok: true, SignedRevision: { } revision })
            return;
        context.StampedRevisions.Add(revision);
        if (ours == Indication.TotalPassed)
            context.Proofs.Add(new DocumentProof(revision, _material.Timestamp!.Time));
    }

    private SignatureVerdict VerdictOf(Indication etsi, string? sub, Indication ours)
    {
        var check = signature.Check;
        var level = SignatureLevel.Of(context, signature, _trust, _timestamps);
        var claimed = _material.IsTimestamp ? _material.Timestamp?.Time : Pdf.PdfDates.Read(_material.Dictionary.ModifiedAt) ?? _material.Signer?.SigningTime;
        var verdict = new SignatureVerdict
        {
            Field = signature.FieldName,
            Kind = _material.IsTimestamp ? SignatureKind.Timestamp : SignatureKind.Signature,
            Role = _material.IsTimestamp ? null : RoleOf(check.Signer),
            Visible = _material.Field.Visible,
            Page = _material.Field.Page,
            Rect = _material.Field.Rect is { } r ? [r.Left, r.Bottom, r.Right, r.Top] : null,
            Indication = ours,
            SubIndication = sub,
            EtsiIndication = etsi,
            Reasons = _reasons,
            Integrity = signature.Integrity,
            SignatureValue = check.Value,
            Trusted = _trust?.Path.IsValid == true,
            Coverage = signature.Coverage,
            ByteRange = [.. _material.Dictionary.ByteRange],
            Revision = _material.Gate.SignedRevision,
            LaterChanges = signature.LaterChanges,
            Changes = signature.Changes,
            Level = level.Level,
            MissingForNextLevel = level.Missing,
            SubFilter = _material.Dictionary.SubFilter,
            Digest = check.DigestOid.Length == 0 ? null : MessageHash.Name(check.DigestOid),
            Algorithm = AlgorithmOf(check),
            Signer = SignerOf(check.Signer),
            ClaimedTime = claimed,
            BestTime = _best,
            Proofs = _proofs,
            Timestamps = _material.IsTimestamp ? [new TimestampVerdict("document", signature.Integrity, _material.Timestamp?.Time, check.Signer?.Subject.ToString(), ours)] : _timestamps,
            Chain = _trust?.Path.Chain.Select(c => new ChainVerdict(c.Subject.ToString(), c.Sha256, c.NotBefore, c.NotAfter, c.Equals(_trust.Path.Anchor))).ToList() ?? [],
            Revocation = _trust?.Revocation.Select(Revocation).ToList() ?? [],
            DocMdp = _material.Dictionary.DocMdp,
            FieldMdp = _material.Dictionary.FieldMdp?.Action,
            Text = new LocalText("", ""),
            NextStep = new LocalText("", ""),
        };
        return verdict with { Text = VerdictTexts.Text(verdict), NextStep = VerdictTexts.NextStep(verdict) };
    }

    private AlgorithmVerdict? AlgorithmOf(CmsCheck check)
    {
        if (check.Algorithm is not { } algorithm)
            return null;
        var until = check.Signer is { } signer ? context.Options.Algorithms.Until(algorithm, signer.PublicKey) : null;
        return new AlgorithmVerdict(algorithm.Name, check.Signer?.PublicKey.Size is > 0 and var size ? size : null, algorithm.Padding, until?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static SignerVerdict? SignerOf(Certificate? certificate) => certificate is null ? null
        : new SignerVerdict(certificate.Subject.ToString(), certificate.CommonName, certificate.OrganId, certificate.SerialHex, certificate.Issuer.ToString(), certificate.Sha256);

    private static string? RoleOf(Certificate? certificate) => certificate?.SubjectKind switch
    {
        SubjectKind.Person => "personal",
        SubjectKind.Organization => "organization",
        _ => null,
    };

    private static RevocationVerdict Revocation(RevocationAnswer a) => new(
        a.Serial,
        a.Status switch { RevocationStatus.Good => "good", RevocationStatus.Revoked => "revoked", _ => "unknown" },
        a.Source switch { RevocationSource.Ocsp => "ocsp", RevocationSource.Crl => "crl", _ => null },
        a.ThisUpdate, a.NextUpdate, a.ProducedAt, a.RevokedAt, a.Reason, a.Responder, a.Url, a.Sha256, a.Embedded);
}
