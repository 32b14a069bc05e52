using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Whether a certificate is trusted at an instant: path, then revocation. Null sub-indication means yes.</summary>
internal sealed record TrustOutcome(PathResult Path, IReadOnlyList<RevocationAnswer> Revocation, Indication Indication, string? SubIndication, Reason? Reason);

/// <summary>Judges certificates by the anchors of one snapshot.</summary>
/// <remarks>Source: ETSI EN 319 102-1, clauses 5.2.6 (X.509 certificate validation) and 5.5 (time sliding, the simple cases).</remarks>
internal sealed class TrustJudge(TrustSnapshot trust, RevocationChecker revocation)
{
    private readonly PathValidator _paths = new();

    public TrustSnapshot Trust => trust;

    /// <param name="certificate">Signer or timestamp authority.</param>
    /// <param name="pool">Certificates that came along.</param>
    /// <param name="embedded">Revocation answers that came along.</param>
    /// <param name="at">The best time at which the signature is known to have existed.</param>
    /// <param name="proven">Whether that time is proven, so that a later revocation does not matter.</param>
    /// <param name="purpose">What the certificate was used for.</param>
    public async Task<TrustOutcome> JudgeAsync(Certificate certificate, IEnumerable<Certificate> pool, EmbeddedRevocation embedded, DateTimeOffset at, bool proven, PathPurpose purpose, CancellationToken cancellation)
    {
        var path = _paths.Validate(certificate, pool, trust, at, purpose);
        if (path.Failure is { } failure)
        {
            // Valid only from later on, yet it exists now: that cannot become right.
            var indication = string.Equals(failure.SubIndication, PathSubIndications.NotYetValid, StringComparison.Ordinal) ? Indication.TotalFailed : Indication.Indeterminate;
            return new TrustOutcome(path, [], indication, failure.SubIndication, new Reason(failure.Code, new LocalText(failure.Vi, failure.En)));
        }
        var answers = await revocation.CheckPathAsync(path, embedded, at, cancellation);
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Status == RevocationStatus.Revoked && !(proven && answers[i].RevokedAt > at))
                return new TrustOutcome(path, answers, Indication.Indeterminate, i == 0 ? "REVOKED_NO_POE" : "REVOKED_CA_NO_POE", VerdictReasons.Revoked(answers[i]));
        }
        return answers.FirstOrDefault(a => a.Status == RevocationStatus.Unknown) is { } unknown
            ? new TrustOutcome(path, answers, Indication.Indeterminate, "TRY_LATER", VerdictReasons.RevocationUnknown(unknown))
            : new TrustOutcome(path, answers, Indication.TotalPassed, null, null);
    }
}
