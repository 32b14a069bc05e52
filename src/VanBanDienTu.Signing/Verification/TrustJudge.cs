using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Verification;

/// <summary>
/// Judges certificates by the anchors of one snapshot: as of the instant of judgement, and, when something proves that the
/// signature is older, as of that earlier instant. Freshness: an answer speaks until its nextUpdate; for a timestamp
/// authority it must speak for the time in the timestamp.
/// </summary>
/// <remarks>Source: ETSI EN 319 102-1, clauses 5.2.6 (X.509 certificate validation), 5.5 and 5.6.2 (with time, with long-term material).</remarks>
internal sealed class TrustJudge(TrustSnapshot trust, RevocationChecker revocation, AlgorithmPolicy algorithms)
{
    private readonly AlgorithmPolicy _algorithms = algorithms.WithoutForecasts;
    private readonly PathValidator _paths = new(algorithms.WithoutForecasts);

    public TrustSnapshot Trust => trust;

    /// <summary>For what carries proofs and for certificates: forecasts only warn.</summary>
    public AlgorithmPolicy Lenient => _algorithms;

    public async Task<TrustOutcome> JudgeAsync(TrustQuestion asked, CancellationToken cancellation)
    {
        var outcome = Constrained(asked, await AnswerAsync(asked, cancellation));
        asked.Evidence.Add(outcome);
        return outcome;
    }

    // What an authority said counts only while its own signature may be relied on: now, or when the answer is proven to have existed.
    private TrustOutcome Constrained(TrustQuestion asked, TrustOutcome outcome)
    {
        if (outcome.Passed && trust.Outdated(outcome.Path.Chain[^1], asked.Purpose, asked.At) is { } outdated)
            return outcome with { Indication = Indication.Indeterminate, SubIndication = outdated.SubIndication, Reason = new Reason(outdated.Code, new LocalText(outdated.Vi, outdated.En)) };
        for (var i = 0; outcome.Passed && i < outcome.Revocation.Count; i++)
        {
            var answer = outcome.Revocation[i];
            var since = asked.ProofOfAll(answer) is { } proven && proven < asked.At ? proven : asked.At;
            if (WeakPart(answer, outcome.Path.Chain[i + 1], since) is { } weak)
                return outcome with { Indication = Indication.Indeterminate, SubIndication = PathSubIndications.CryptoConstraints, Reason = VerdictReasons.WeakAnswer(answer, weak.Name, weak.Until) };
        }
        return outcome;
    }

    // The answer's own signature, and the one that makes a delegated responder what it is.
    private (string Name, DateOnly Until)? WeakPart(RevocationAnswer answer, Certificate issuer, DateTimeOffset since)
    {
        if (answer is { Algorithm: { } algorithm, SignerKey: { } key } && _algorithms.FirstExpired(algorithm, key, since) is { } weak)
            return weak;
        return answer.ResponderCertificate is { } delegated ? _algorithms.FirstExpired(delegated.Algorithm, issuer.PublicKey, since) : null;
    }

    private async ValueTask<TrustOutcome> AnswerAsync(TrustQuestion asked, CancellationToken cancellation)
    {
        if (asked.StampedAt is { } stamped && MadeOutsideValidity(asked.Certificate, stamped) is { } impossible)
            return impossible;
        if (asked.Proven is not { } proven)
            return await NowAsync(asked, cancellation);
        var past = await PastAsync(asked, proven, cancellation);
        if (past.Passed || proven < asked.Certificate.NotBefore)
            return past;
        // The standard's order is now first, then the past; this one asks the network less and ends the same.
        var now = await NowAsync(asked, cancellation);
        return now.Passed || !past.Path.IsValid ? now : now with { Path = past.Path, Revocation = now.Revocation.Count > 0 ? now.Revocation : past.Revocation };
    }

    private async ValueTask<TrustOutcome> NowAsync(TrustQuestion asked, CancellationToken cancellation)
    {
        var path = await PathAsync(asked, asked.At, cancellation);
        if (path.Failure is { } failure)
            return await ExpiredAsync(asked, failure, cancellation) ?? Refused(path, failure);
        var answers = await revocation.CheckPathAsync(path, Sources(asked, asked.At), asked.StampedAt ?? asked.At, asked.At, asked.At, cancellation);
        for (var i = 0; i < answers.Count; i++)
        {
            if (IsRevoked(answers[i], asked.At))
                return new TrustOutcome(path, answers, Indication.Indeterminate, RevokedWord(answers[i], i), VerdictReasons.Revoked(answers[i]));
        }
        return answers.FirstOrDefault(a => a.Status == RevocationStatus.Unknown) is { } unknown
            ? new TrustOutcome(path, answers, Indication.Indeterminate, "TRY_LATER", VerdictReasons.RevocationUnknown(unknown))
            : new TrustOutcome(path, answers, Indication.TotalPassed, null, null);
    }

    // Expired, but is it known that the certificate was never revoked? The standard has a word for that.
    private async Task<TrustOutcome?> ExpiredAsync(TrustQuestion asked, PathFailure failure, CancellationToken cancellation)
    {
        if (!string.Equals(failure.SubIndication, PathSubIndications.OutOfBounds, StringComparison.Ordinal) || !failure.Certificate.Equals(asked.Certificate))
            return null;
        var end = asked.Certificate.NotAfter;
        if (await PathAsync(asked, end, cancellation) is not { IsValid: true } path)
            return null;
        var answers = await revocation.CheckPathAsync(path, Sources(asked, end), asked.At, asked.At, asked.At, cancellation);
        if (answers.Count == 0 || answers[0].Status == RevocationStatus.Unknown)
            return null;
        return IsRevoked(answers[0], asked.At)
            ? new TrustOutcome(path, answers, Indication.Indeterminate, RevokedWord(answers[0], 0), VerdictReasons.Revoked(answers[0]))
            : Refused(path, failure with { SubIndication = "OUT_OF_BOUNDS_NOT_REVOKED" }) with { Revocation = answers };
    }

    private async ValueTask<TrustOutcome> PastAsync(TrustQuestion asked, DateTimeOffset proven, CancellationToken cancellation)
    {
        var path = await PathAsync(asked, proven, cancellation);
        if (path.Failure is { } failure)
            return Refused(path, failure);
        // Of issuers the newest word is wanted: were one compromised since, what it signed afterwards is worth nothing.
        var answers = await revocation.CheckPathAsync(path, Sources(asked, proven), asked.StampedAt ?? proven, proven, asked.At, cancellation);
        return TimeSliding.Judge(asked, proven, path, answers);
    }

    private Task<PathResult> PathAsync(TrustQuestion asked, DateTimeOffset at, CancellationToken cancellation) =>
        _paths.ValidateAsync(asked.Certificate, asked.Pool, trust, at, asked.Purpose, revocation, asked.Evidence.Exchanges, cancellation);

    private static TrustOutcome? MadeOutsideValidity(Certificate certificate, DateTimeOffset made)
    {
        var failure = made < certificate.NotBefore ? PathFailures.NotYet(certificate, made) : made > certificate.NotAfter ? PathFailures.Expired(certificate, made) : null;
        return failure is null ? null : Refused(new PathResult([certificate], null, failure), failure);
    }

    private static TrustOutcome Refused(PathResult path, PathFailure failure)
    {
        // Valid only from later on, yet it exists now: that cannot become right.
        var indication = string.Equals(failure.SubIndication, PathSubIndications.NotYetValid, StringComparison.Ordinal) ? Indication.TotalFailed : Indication.Indeterminate;
        return new TrustOutcome(path, [], indication, failure.SubIndication, new Reason(failure.Code, new LocalText(failure.Vi, failure.En)));
    }

    /// <summary>Revoked as of an instant: what was revoked only later was still good then.</summary>
    internal static bool IsRevoked(RevocationAnswer answer, DateTimeOffset at) =>
        answer.Status == RevocationStatus.Revoked && !(answer.BadSince > at);

    /// <summary>A hold ends one way or the other: the standard says to come back.</summary>
    internal static string RevokedWord(RevocationAnswer answer, int place) => answer.OnHold ? "TRY_LATER" : place == 0 ? "REVOKED_NO_POE" : "REVOKED_CA_NO_POE";

    private RevocationSources Sources(TrustQuestion asked, DateTimeOffset at) => new(asked.Embedded)
    {
        Kept = asked.Kept,
        Exchanges = asked.Evidence.Exchanges,
        Pool = asked.Pool,
        Vouch = signer => _paths.Validate(signer, asked.Pool, trust, at, PathPurpose.Any) is { IsValid: true } path ? path : null,
        IsListedResponder = (responder, anchor) => trust.IsResponder(responder, anchor, at),
    };
}
