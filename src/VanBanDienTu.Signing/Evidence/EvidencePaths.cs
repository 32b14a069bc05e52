using System.Collections.Concurrent;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Evidence;

/// <summary>
/// Paths of evidence signers, each built once a while: a neighbour signs thousands of receipts with one certificate. The same signer with
/// other companions, other anchors or in another while is looked at anew.
/// </summary>
/// <param name="every">How long a path counts; null = a minute. Who goes through years of evidence takes more.</param>
public sealed class EvidencePaths(TimeSpan? every = null)
{
    /// <summary>Beyond this many everything is forgotten: neighbours are few, and what comes from strangers must not fill the memory.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<(string Signer, string Companions, string Trust, long While), PathResult> found = new();

    internal PathResult Find(Certificate signer, IReadOnlyList<Certificate> companions, TrustSnapshot trust, DateTimeOffset at)
    {
        var key = (signer.Sha256, string.Join(',', companions.Select(c => c.Sha256)), trust.Id, at.UtcTicks / (every ?? TimeSpan.FromMinutes(1)).Ticks);
        if (found.TryGetValue(key, out var known))
            return known;
        if (found.Count >= Most)
            found.Clear();
        return found[key] = new PathValidator().Validate(signer, companions, trust, at, PathPurpose.Signing);
    }
}
