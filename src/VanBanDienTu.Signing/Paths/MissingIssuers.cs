using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Paths;

/// <summary>Completes a path whose issuers nobody sent, from the addresses that its certificates name (Authority Information Access, caIssuers).</summary>
/// <remarks>
/// Source: RFC 5280 section 4.2.2.1. Whoever made the certificate chose the address, before anything of it is trusted: so only hosts
/// that were allowed by name are asked, only by http, and only a few of them. What comes back is believed no more than what came along.
/// </remarks>
internal static class MissingIssuers
{
    private const int MaxFetches = 4;

    /// <summary>As <see cref="PathValidator.Validate"/>, fetching what is missing.</summary>
    public static Task<PathResult> ValidateAsync(
        this PathValidator paths, Certificate leaf, IReadOnlyList<Certificate> pool, TrustSnapshot trust, DateTimeOffset at, PathPurpose purpose,
        RevocationChecker revocation, RevocationExchanges? exchanges, CancellationToken cancellation)
    {
        var path = paths.Validate(leaf, pool, trust, at, purpose);
        return path.IsValid || trust.IsEmpty ? Task.FromResult(path) : CompletedAsync(paths, path, leaf, pool, trust, at, purpose, revocation, exchanges, cancellation);
    }

    private static async Task<PathResult> CompletedAsync(
        PathValidator paths, PathResult path, Certificate leaf, IReadOnlyList<Certificate> pool, TrustSnapshot trust, DateTimeOffset at, PathPurpose purpose,
        RevocationChecker revocation, RevocationExchanges? exchanges, CancellationToken cancellation)
    {
        var known = pool.ToList();
        for (var fetches = 0; fetches < MaxFetches && path.Failure is { SubIndication: PathSubIndications.NoChainFound } failure; fetches++)
        {
            var fetched = (await revocation.FetchIssuersAsync(failure.Certificate, exchanges, cancellation)).Except(known).ToList();
            if (fetched.Count == 0)
                break;
            known.AddRange(fetched);
            path = paths.Validate(leaf, known, trust, at, purpose);
        }
        return path;
    }
}
