using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Gateway.Config;

public sealed record TrustConfig
{
    /// <summary>Folder of anchors: *.pem, *.crt, *.cer; trusted lists *.xml, signed by a certificate in its subfolder list-signers.</summary>
    public required string Folder { get; init; }

    /// <summary>Accepts sample anchors (for demonstrations and tests only); reports are marked.</summary>
    public bool AllowSample { get; init; }

    /// <summary>Host names, without ports, that OCSP and CRL may be fetched from; empty = any public host.</summary>
    public IReadOnlyList<string> RevocationHosts { get; init; } = [];

    /// <summary>Which is asked first, or alone: OCSP or CRL.</summary>
    public RevocationOrder RevocationOrder { get; init; }

    /// <summary>«FROM=TO»: addresses in certificates that begin with FROM are asked at TO. Nothing else is ever rewritten.</summary>
    public IReadOnlyList<string> RevocationRewrites { get; init; } = [];

    /// <summary>For one answer of OCSP or CRL, or a MiB of a long one.</summary>
    public TimeSpan RevocationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a place that gave no answer is left alone.</summary>
    public TimeSpan RevocationPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Never asks an authority: only embedded revocation data counts.</summary>
    public bool Offline { get; init; }

    /// <summary>What the revocation of callers' and neighbours' TLS certificates decides.</summary>
    public PeerRevocationRule PeerRevocation { get; init; }

    /// <summary>How long an answer about such a certificate counts while it is in use; then it is asked for again.</summary>
    public TimeSpan PeerRevocationEvery { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Whether a TLS certificate of a caller or neighbour may be used.</summary>
public enum PeerRevocationRule
{
    /// <summary>Unless it is known to be revoked: an authority that is away stops no exchange. Who must be out at once is locked in the directory.</summary>
    WhenKnown,

    /// <summary>Only when it is known not to be revoked.</summary>
    Required,

    /// <summary>Authorities are not asked.</summary>
    Off,
}
