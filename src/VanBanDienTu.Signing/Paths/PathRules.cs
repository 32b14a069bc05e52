using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Paths;

/// <summary>
/// RFC 5280 section 6.1 on one complete path whose signatures are known to be valid. The anchor's own constraints and
/// validity are honoured too (stricter than the RFC, as OpenSSL and Windows are).
/// </summary>
internal static class PathRules
{
    /// <param name="path">From the leaf to the anchor.</param>
    public static PathFailure? Judge(IReadOnlyList<Certificate> path, DateTimeOffset at, PathPurpose purpose, AlgorithmPolicy algorithms) =>
        Each(path, at, algorithms) ?? Authorities(path) ?? NameRules.Judge(path) ?? PolicyRules.Judge(path) ?? PurposeRules.Judge(path, purpose);

    private static PathFailure? Each(IReadOnlyList<Certificate> path, DateTimeOffset at, AlgorithmPolicy algorithms)
    {
        for (var i = 0; i < path.Count; i++)
        {
            var certificate = path[i];
            var isAnchor = i == path.Count - 1;
            if (at < certificate.NotBefore)
                return PathFailures.NotYet(certificate, at);
            if (at > certificate.NotAfter)
                return PathFailures.Expired(certificate, at);
            if (certificate.UnknownCriticalExtensions.Count > 0)
                return PathFailures.UnknownCritical(certificate);
            // Nobody relies on an anchor's own signature, but everybody on its key.
            if (!isAnchor && algorithms.FirstExpired(certificate.Algorithm, path[i + 1].PublicKey, at) is { } weak)
                return PathFailures.WeakAlgorithm(certificate, weak.Name, weak.Until);
        }
        return null;
    }

    private static PathFailure? Authorities(IReadOnlyList<Certificate> path)
    {
        var below = 0; // non-self-issued authorities between this one and the leaf
        for (var i = 1; i < path.Count; i++)
        {
            var issuer = path[i];
            var versionOneAnchor = i == path.Count - 1 && issuer.Version < 3;
            if (!issuer.IsCa && !versionOneAnchor)
                return PathFailures.NotACa(issuer);
            if (issuer.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsageFlags.KeyCertSign))
                return PathFailures.MayNotSignCertificates(issuer);
            if (issuer.PathLength is { } allowed && below > allowed)
                return PathFailures.PathLength(issuer);
            if (!issuer.IsSelfIssued)
                below++;
        }
        return null;
    }
}
