using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Desk;

/// <summary>How this node signs and verifies: one revocation cache, one line to each timestamp authority, and the anchors that are in force now.</summary>
internal sealed class NodeSigning : IDisposable
{
    private readonly NodeState state;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly RevocationChecker revocation;
    private readonly TimestampClient? timestamps;
    private volatile Verifying verifying;

    public NodeSigning(TrustConfig config, TimestampConfig? stamping, NodeState state, TimeProvider time)
    {
        this.state = state;
        this.time = time;
        var options = new RevocationOptions
        {
            Offline = config.Offline,
            AllowedHosts = config.RevocationHosts.Count == 0 ? null : config.RevocationHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
            Order = config.RevocationOrder,
            UrlRewrites = config.RevocationRewrites.Select(UrlRewrite.Parse).OfType<KeyValuePair<string, string>>().ToDictionary(StringComparer.Ordinal),
            Timeout = config.RevocationTimeout,
            RetryFailedAfter = config.RevocationPause,
        };
        if (config.PeerRevocationEvery < options.MaxCacheAge)
            options = options with { MaxCacheAge = config.PeerRevocationEvery };
        http = RevocationHttp.CreateClient(options);
        revocation = new RevocationChecker(http, time, options);
        timestamps = stamping is null ? null : TimestampClient.Following(() => state.Trust, stamping.ToOptions(), time);
        verifying = Under(state.Trust);
    }

    /// <summary>Judges under the newest anchors.</summary>
    public PdfVerifier Verifier => Current.Verifier;

    public PdfSigner Signer => Current.Signer;

    /// <summary>Null when no authority is configured.</summary>
    public TimestampClient? Timestamps => timestamps;

    /// <summary>The CRL at an address that the operator configured, whole and readable; null with the reason.</summary>
    public Task<(ReadOnlyMemory<byte>? Crl, LocalText? Why)> DownloadCrlAsync(string url, CancellationToken ct) => revocation.DownloadCrlAsync(url, ct);

    /// <summary>The revocation of every certificate of a path below its anchor, now.</summary>
    public Task<IReadOnlyList<RevocationAnswer>> RevocationOfAsync(PathResult path, CancellationToken ct) =>
        revocation.CheckPathAsync(path, EmbeddedRevocation.None, time.GetUtcNow(), ct);

    private Verifying Current
    {
        get
        {
            var now = verifying;
            return ReferenceEquals(now.Trust, state.Trust) ? now : verifying = Under(state.Trust);
        }
    }

    public void Dispose()
    {
        timestamps?.Dispose();
        http.Dispose();
    }

    private Verifying Under(TrustSnapshot trust) =>
        new(trust, new PdfVerifier(trust, revocation, time), new PdfSigner(time, revocation, trust, timestamps));

    private sealed record Verifying(TrustSnapshot Trust, PdfVerifier Verifier, PdfSigner Signer);
}
