using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>
/// Goes down a path that was valid when the signature is proven to have existed, from the anchor to the signer, and slides back
/// the time until which each certificate could be relied on: to its revocation, or to its expiry. What an authority said
/// counts only if it is proven to have been said while that authority could be relied on.
/// </summary>
/// <remarks>Source: ETSI EN 319 102-1, clauses 5.6.2.1 (past certificate validation) and 5.6.2.2 (validation time sliding).
/// Freshness is asked for the proven time, not for the sliding one.</remarks>
internal static class TimeSliding
{
    public static TrustOutcome Judge(TrustQuestion asked, DateTimeOffset proven, PathResult path, IReadOnlyList<RevocationAnswer> answers)
    {
        var control = asked.At;
        var limitedBy = (string?)null;
        for (var i = answers.Count - 1; i >= 0; i--)
        {
            var answer = answers[i];
            if (answer.Status == RevocationStatus.Unknown)
                return Open("TRY_LATER", VerdictReasons.RevocationUnknown(answer));
            if (limitedBy is not null && !(answer.ThisUpdate <= control && asked.ProofOfAll(answer) <= control))
                return Open(limitedBy, VerdictReasons.RevocationUnproven(answer, control));
            if (TrustJudge.IsRevoked(answer, asked.At))
            {
                if (!(answer.BadSince > proven))
                    return Open(TrustJudge.RevokedWord(answer, i), VerdictReasons.Revoked(answer));
                if (answer.BadSince < control)
                    (control, limitedBy) = (answer.BadSince.Value, "REVOKED_CA_NO_POE");
            }
            if (path.Chain[i].NotAfter < control)
                (control, limitedBy) = (path.Chain[i].NotAfter, PathSubIndications.OutOfBounds);
        }
        return new TrustOutcome(path, answers, Indication.TotalPassed, null, null, limitedBy is not null || answers.Any(a => !SpeaksFor(a, asked.At)));

        TrustOutcome Open(string sub, Reason reason) => new(path, answers, Indication.Indeterminate, sub, reason);
    }

    private static bool SpeaksFor(RevocationAnswer answer, DateTimeOffset at) => (answer.NextUpdate ?? answer.ThisUpdate) is { } until && at <= until;
}
