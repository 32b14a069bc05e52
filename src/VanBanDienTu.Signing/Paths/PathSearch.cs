using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Paths;

/// <summary>One depth-first search with backtracking: state of a single <see cref="PathValidator.Validate"/>.</summary>
internal sealed class PathSearch
{
    private readonly Dictionary<DistinguishedName, List<Certificate>> _pool;
    private readonly TrustSnapshot _trust;
    private readonly DateTimeOffset _at;
    private readonly PathPurpose _purpose;
    private readonly AlgorithmPolicy _algorithms;
    private readonly List<Certificate> _path = [];
    private int _checksLeft = PathValidator.MaxSignatureChecks;
    private int _stepsLeft = PathValidator.MaxSteps;
    private PathResult? _best;
    private int _bestRank = -1;

    public PathSearch(IEnumerable<Certificate> pool, TrustSnapshot trust, DateTimeOffset at, PathPurpose purpose, AlgorithmPolicy algorithms)
    {
        _algorithms = algorithms;
        _trust = trust;
        _at = at;
        _purpose = purpose;
        _pool = [];
        foreach (var certificate in pool)
        {
            if (!_pool.TryGetValue(certificate.Subject, out var same))
                _pool[certificate.Subject] = same = [];
            if (!same.Contains(certificate))
                same.Add(certificate);
        }
    }

    public PathResult Run(Certificate leaf)
    {
        _path.Add(leaf);
        if (_trust.Contains(leaf) && Complete() is { } direct)
            return direct;
        return Extend() ?? _best ?? new PathResult([leaf], null, NoChain(leaf));
    }

    // A valid result ends the search; a failed one is kept if it is the most telling so far.
    private PathResult? Extend()
    {
        var last = _path[^1];
        if (_path.Count >= PathValidator.MaxLength)
        {
            Keep(1, PathFailures.TooLong(last));
            return null;
        }
        var any = false;
        foreach (var issuer in Candidates(last))
        {
            any = true;
            if (--_stepsLeft < 0 || Checked(last, issuer) is not { } signed)
            {
                Keep(4, PathFailures.TooManyCandidates(last));
                return null;
            }
            switch (signed)
            {
                case SignatureCheck.Invalid:
                    Keep(2, PathFailures.NotSignedBy(last, issuer));
                    continue;
                case SignatureCheck.Unsupported:
                    Keep(3, PathFailures.AlgorithmUnsupported(last, issuer));
                    continue;
            }
            _path.Add(issuer);
            var found = _trust.Contains(issuer) ? Complete() : null;
            // An anchor whose path failed may itself be below another anchor (a sub-CA and its root, both trusted).
            found ??= issuer.IsSelfIssued && _trust.Contains(issuer) ? null : Extend();
            if (found is not null)
                return found;
            _path.RemoveAt(_path.Count - 1);
        }
        if (!any)
            Keep(0, NoChain(last));
        return null;
    }

    private PathResult? Complete()
    {
        var failure = PathRules.Judge(_path, _at, _purpose, _algorithms) ?? _trust.Refusal(_path[^1], _purpose, _at);
        if (failure is null)
            return new PathResult([.. _path], _path[^1], null);
        if (_bestRank < 5)
        {
            _bestRank = 5;
            _best = new PathResult([.. _path], _path[^1], failure);
        }
        return null;
    }

    private IEnumerable<Certificate> Candidates(Certificate subject)
    {
        List<Certificate> open = [];
        foreach (var certificate in _trust.BySubject(subject.Issuer))
            Take(certificate, open);
        foreach (var certificate in _pool.TryGetValue(subject.Issuer, out var pooled) ? pooled : [])
            Take(certificate, open);
        return open.Count < 2 ? open : open
            .OrderByDescending(c => KeyIdMatch(subject, c))
            .ThenByDescending(_trust.Contains)
            .ThenByDescending(c => c.NotBefore <= _at && _at <= c.NotAfter)
            .ThenByDescending(c => c.NotBefore);
    }

    private void Take(Certificate candidate, List<Certificate> open)
    {
        if (!open.Contains(candidate) && !InPath(candidate))
            open.Add(candidate);
    }

    // The same name and key twice is a loop, whatever the certificates around them (RFC 4158 section 2.4.2).
    private bool InPath(Certificate candidate) => _path.Exists(c =>
        c.Equals(candidate) || (c.Subject.Equals(candidate.Subject) && c.PublicKey.Sha256.SequenceEqual(candidate.PublicKey.Sha256)));

    private static int KeyIdMatch(Certificate subject, Certificate issuer) =>
        subject.AuthorityKeyId is not { } wanted || issuer.SubjectKeyId is not { } has ? 1
        : wanted.Span.SequenceEqual(has.Span) ? 2 : 0;

    // Null when no more checks may be made.
    private SignatureCheck? Checked(Certificate subject, Certificate issuer) =>
        SignedByFacts.Known(subject, issuer.PublicKey) ?? (--_checksLeft >= 0 ? subject.CheckSignedBy(issuer) : null);

    private void Keep(int rank, PathFailure failure)
    {
        if (rank <= _bestRank)
            return;
        _bestRank = rank;
        _best = new PathResult([.. _path], null, failure);
    }

    private PathFailure NoChain(Certificate last) => PathFailures.NoIssuer(last, _trust);
}
