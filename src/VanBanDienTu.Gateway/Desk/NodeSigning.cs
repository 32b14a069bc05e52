using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Desk;

/// <summary>How this node signs and verifies: one revocation cache, and the anchors that are in force now.</summary>
internal sealed class NodeSigning : IDisposable
{
    private readonly NodeState state;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly RevocationChecker revocation;
    private volatile Verifying verifying;

    public NodeSigning(TrustConfig config, NodeState state, TimeProvider time)
    {
        this.state = state;
        this.time = time;
        var options = new RevocationOptions
        {
            Offline = config.Offline,
            AllowedHosts = config.RevocationHosts.Count == 0 ? null : config.RevocationHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
        http = RevocationHttp.CreateClient(options);
        revocation = new RevocationChecker(http, time, options);
        verifying = Under(state.Trust);
    }

    /// <summary>Judges under the newest anchors.</summary>
    public PdfVerifier Verifier => Current.Verifier;

    public PdfSigner Signer => Current.Signer;

    private Verifying Current
    {
        get
        {
            var now = verifying;
            return ReferenceEquals(now.Trust, state.Trust) ? now : verifying = Under(state.Trust);
        }
    }

    public void Dispose() => http.Dispose();

    private Verifying Under(TrustSnapshot trust) =>
        new(trust, new PdfVerifier(trust, revocation, time), new PdfSigner(time, revocation, trust));

    private sealed record Verifying(TrustSnapshot Trust, PdfVerifier Verifier, PdfSigner Signer);
}
