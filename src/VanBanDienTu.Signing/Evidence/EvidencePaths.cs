using System.Collections.Concurrent;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Evidence;

/// <summary>
/// Paths of evidence signers, each built once a minute: a neighbour signs thousands of receipts with one certificate. The same signer with
/// other companions, other anchors or in another minute is looked at anew.
/// </summary>
public sealed class EvidencePaths
{
    /// <summary>Beyond this many everything is forgotten: neighbours are few, and what comes from strangers must not fill the memory.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<(string Signer, string Companions, string Trust, long Minute), PathResult> found = new();

    internal PathResult Find(Certificate signer, IReadOnlyList<Certificate> companions, TrustSnapshot trust, DateTimeOffset at)
    {
        var key = (signer.Sha256, string.Join(',', companions.Select(c => c.Sha256)), trust.Id, at.ToUnixTimeSeconds() / 60);
        if (found.TryGetValue(key, out var known))
            return known;
        if (found.Count >= Most)
            found.Clear();
        return found[key] = new PathValidator().Validate(signer, companions, trust, at, PathPurpose.Signing);
    }
}
