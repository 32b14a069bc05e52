using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Turns the facts about one signature into its verdict, in the order of EN 319 102-1: format, certificate, cryptography, trust, algorithms.</summary>
internal sealed class SignatureJudge(JudgementContext context, CheckedSignature signature)
{
    // Clocks of two authorities may differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly SignatureMaterial _material = signature.Material;
    private readonly List<Reason> _reasons = [.. signature.Check.Reasons];
    private TrustOutcome? _trust;
    private IReadOnlyList<TimestampVerdict> _timestamps = [];
    private IReadOnlyList<TimestampVerdict> _contentTimestamps = [];
    private IReadOnlyList<Proof> _proofs = [];
    private bool _restsOnProof;
    private DateTimeOffset _best = context.At;

    public async Task<SignatureVerdict> RunAsync(CancellationToken cancellation)
    {
        // What stands over this revision proves it, and the timestamps inside the signature as well.
        var outer = context.Proofs.Of(_material.Gate.SignedRevision ?? int.MaxValue);
        var asked = new TrustQuestion(
            signature.Check.Signer!,
            [.. _material.Certificates, .. context.Store.Certificates, .. context.Proofs.Earlier?.Certificates ?? []],
            TimestampJudge.Joined(JudgementContext.EmbeddedIn(_material), context.Store.Revocation),
            _material.IsTimestamp ? PathPurpose.Timestamping : PathPurpose.Signing,
            context.At,
            outer.Count > 0 ? outer[0].Time : null,
            context.Proofs.OfData)
        {
            StampedAt = _material.Timestamp?.Time,
            Kept = context.Proofs.Earlier?.Answers ?? EmbeddedRevocation.None,
            Evidence = context.Evidence,
        };
        if (_material.Timestamp is { } stamp)
            context.Evidence.AddTimestamp(stamp.Der);
        if (_material.Signer is { } signer && !_material.IsTimestamp)
            _timestamps = await new TimestampJudge(context.Trust, context.Trust.Lenient, asked).SignatureTimestampsAsync(signer, cancellation);
        FindBestTime(outer);
        if (_material.ContentTimestamps is { Count: > 0 } tokens)
            _contentTimestamps = await new TimestampJudge(context.Trust, context.Trust.Lenient, asked with { Proven = _proofs.Count > 0 ? _best : null })
                .ContentTimestampsAsync(tokens, signature.ContentDigests, cancellation);
        if (signature.Check.Signer is not null)
            _trust = await context.Trust.JudgeAsync(asked with { Proven = _proofs.Count > 0 ? _best : null }, cancellation);
        var (etsi, sub) = Etsi(outer);
        NameTheProof(etsi);
        var ours = Ours(etsi, ref sub);
        RememberDocumentTimestamp(ours);
        return VerdictOf(etsi, sub, ours);
    }

    private void FindBestTime(IReadOnlyList<Proof> outer)
    {
        _proofs = _timestamps.Count == 0 ? outer : [.. _timestamps.Where(t => t.Indication == Indication.TotalPassed && t.Time <= context.At).Select(t => new Proof("signature-timestamp", t.Time!.Value)).Concat(outer).OrderBy(p => p.Time)];
        if (_proofs.Count > 0)
            _best = _proofs[0].Time;
    }

    private void NameTheProof(Indication etsi)
    {
        _restsOnProof = etsi == Indication.TotalPassed && _proofs.Count > 0 && (_trust!.RestsOnProof || ExpiredAlgorithm(context.At) is not null);
        if (!_restsOnProof)
            return;
        var revoked = _trust!.Revocation.FirstOrDefault(a => TrustJudge.IsRevoked(a, context.At));
        _reasons.Add(VerdictReasons.SavedByProof(_proofs[0], revoked, _trust.Path.Chain.FirstOrDefault(c => c.NotAfter < context.At)));
    }

    private (Indication, string?) Etsi(IReadOnlyList<Proof> outer)
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
        if (_material.Signer?.SigningCertificate?.Matches(signature.Check.Signer!) == false)
            return Because(Indication.Indeterminate, "NO_SIGNING_CERTIFICATE_FOUND", CmsReasons.CertificateReferenceMismatch);
        if (_trust is { Reason: { } why } distrust)
            return Because(distrust.Indication, distrust.SubIndication!, why);
        // A timestamp over the content was there before the signature: nothing can prove the signature to be older than it.
        if (_timestamps.Any(t => t.Indication == Indication.TotalPassed && outer.Any(p => t.Time > p.Time + ClockSkew))
            || _contentTimestamps.Any(t => t.Indication == Indication.TotalPassed && t.Time > _best + ClockSkew))
            return Because(Indication.Indeterminate, "TIMESTAMP_ORDER_FAILURE", VerdictReasons.TimestampOrder);
        return ExpiredAlgorithm(_best) is { } expired
            ? Because(Indication.Indeterminate, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", VerdictReasons.AlgorithmExpired(expired.Name, expired.Until))
            : (Indication.TotalPassed, null);
    }

    private (string Name, DateOnly Until)? ExpiredAlgorithm(DateTimeOffset at)
    {
        var policy = _material.IsTimestamp ? context.Trust.Lenient : context.Options.Algorithms;
        if (signature.Check is not { Algorithm: { } algorithm, Signer: { } signer })
            return null;
        if (policy.FirstExpired(algorithm, signer.PublicKey, at) is { } expired)
            return expired;
        // A timestamp stands or falls with the hash of what it stamps, too.
        return Expired(signature.Check.DigestOid) ?? (_material.Timestamp is { } timestamp ? Expired(timestamp.HashOid) : null);

        (string, DateOnly)? Expired(string hash) => policy.ExpiredHash(MessageHash.Name(hash), at) is { } until ? (MessageHash.Name(hash), until) : null;
    }

    private (Indication, string?) Because(Indication indication, string sub, Reason reason)
    {
        _reasons.Add(reason);
        return (indication, sub);
    }

    private Indication Ours(Indication etsi, ref string? sub)
    {
        if (signature.Integrity == Integrity.Malformed || (signature.LaterChanges != LaterChange.Suspicious && signature.Coverage != Coverage.Partial))
            return Readable(etsi, ref sub);
        _reasons.Insert(0, signature.Coverage == Coverage.Partial ? VerdictReasons.Partial : VerdictReasons.SuspiciousChange);
        // The standard's own reason stays visible only when it failed by itself.
        if (etsi != Indication.TotalFailed)
            sub = null;
        return Indication.TotalFailed;
    }

    /// <summary>
    /// What was signed is no one document when two readers read two, and nobody knows what it became when its changes were not all looked at:
    /// a person must look at it.
    /// </summary>
    private Indication Readable(Indication etsi, ref string? sub)
    {
        var (reason, constraint) = signature.Differences.Count > 0 ? (VerdictReasons.ReadingsDiffer, "SIG_CONSTRAINTS_FAILURE")
            : signature.LaterChanges == LaterChange.Unknown ? (VerdictReasons.LimitExceeded, "GENERIC") : default;
        if (reason is null)
            return etsi;
        _reasons.Insert(0, reason);
        if (etsi != Indication.TotalPassed)
            return etsi;
        sub = constraint;
        return Indication.Indeterminate;
    }

    private void RememberDocumentTimestamp(Indication ours)
    {
        if (!_material.IsTimestamp || signature.Integrity != Integrity.Intact || _material.Gate is not { Ok: true, SignedRevision: { } revision })
            return;
        context.StampedRevisions.Add(revision);
        if (ours == Indication.TotalPassed)
            context.Proofs.Add(revision, _material.Timestamp!.Time);
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
            Proofs = [.. _proofs.Select((p, i) => new ProofVerdict(p.Kind, p.Time, _restsOnProof && i == 0))],
            Timestamps = _material.IsTimestamp ? [new TimestampVerdict("document", signature.Integrity, _material.Timestamp?.Time, check.Signer?.Subject.ToString(), ours)] : [.. _contentTimestamps, .. _timestamps],
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
