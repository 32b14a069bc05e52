using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Paths;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// Whether a neighbour's server certificate is the one we mean: pinned by its SHA-256 and in its period, or chained to the
/// trust anchors and naming the right organ; and not known to be revoked. Host names prove nothing here: nodes are known by organ.
/// </summary>
internal sealed class PeerJudge(LinkConfig link, NodeState state, PathValidator paths, PeerRevocation revocation, TimeProvider time)
{
    public bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors _)
    {
        if (certificate is null)
            return false;
        var peer = PresentedCertificate.From(certificate, chain);
        if (peer.Leaf is not { } leaf)
            return false;
        var now = time.GetUtcNow();
        var path = paths.Validate(leaf, peer.Chain, state.Trust, now, PathPurpose.TlsServer);
        var meant = link.PeerCertificates.Count > 0
            ? link.PeerCertificates.Contains(leaf.Sha256, StringComparer.Ordinal) && now >= leaf.NotBefore && now <= leaf.NotAfter
            : path.IsValid && string.Equals(leaf.OrganId, link.Organ, StringComparison.Ordinal);
        // A pinned certificate that leads to no anchor has nobody who could revoke it but the pin.
        return meant && (revocation.Watch(path) is null || revocation.Problem(leaf) is null);
    }
}
