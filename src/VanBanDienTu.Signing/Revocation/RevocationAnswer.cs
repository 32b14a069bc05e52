using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

public enum RevocationStatus
{
    Good,
    Revoked,

    /// <summary>It could not be learnt; <see cref="RevocationAnswer.Why"/> says why. Never to be shown as good.</summary>
    Unknown,
}

public enum RevocationSource
{
    Ocsp,
    Crl,
}

/// <summary>
/// What is known of one certificate's revocation (thu hồi), and from what: enough to show, to store and to judge again.
/// </summary>
public sealed record RevocationAnswer
{
    private string? _sha256; // a list may be long; copies of the answer keep its bytes

    public required Certificate Certificate { get; init; }

    public required RevocationStatus Status { get; init; }

    public string Serial => Certificate.SerialHex;

    /// <summary>Null when nothing answered.</summary>
    public RevocationSource? Source { get; init; }

    public DateTimeOffset? ThisUpdate { get; init; }

    public DateTimeOffset? NextUpdate { get; init; }

    /// <summary>OCSP only.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When the authority thinks that the key became bad (invalidityDate), if it says so.</summary>
    public DateTimeOffset? InvalidSince { get; init; }

    /// <summary>From when on nothing that the certificate made counts: the revocation, or the earlier day that the authority names.</summary>
    public DateTimeOffset? BadSince => InvalidSince < RevokedAt ? InvalidSince : RevokedAt;

    /// <summary>Revoked for the time being: that may be lifted again.</summary>
    public bool OnHold => Status == RevocationStatus.Revoked && string.Equals(Reason, RevocationReasons.Name(RevocationReasons.CertificateHold), StringComparison.Ordinal);

    /// <summary>RFC 5280's word: «keyCompromise», «certificateHold», …</summary>
    public string? Reason { get; init; }

    /// <summary>The name of who signed the answer.</summary>
    public string? Responder { get; init; }

    /// <summary>How the answer is signed; null when nothing answered.</summary>
    public SignatureAlgorithm? Algorithm { get; init; }

    /// <summary>The key that signed it.</summary>
    public PublicKeyInfo? SignerKey { get; init; }

    /// <summary>Where it was fetched; null when embedded.</summary>
    public string? Url { get; init; }

    /// <summary>The OCSP response or CRL itself.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>More that the answer rests on: a delta CRL, the CRLs of other reasons.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Further { get; init; } = [];

    /// <summary>SHA-256 of <see cref="Raw"/>, lower-case hexadecimal.</summary>
    public string? Sha256
    {
        get => _sha256 ??= Raw.IsEmpty ? null : Fingerprint.Of(Raw.Span).ToString();
        init => _sha256 = value;
    }

    /// <summary>It came with the document, not from the network.</summary>
    public bool Embedded { get; init; }

    /// <summary>The document brought an answer of its own, whichever this one is: what the signature's level asks for.</summary>
    public bool InDocument { get; init; }

    /// <summary>How long ago it was fetched; zero when just now, null when embedded or nothing answered.</summary>
    public TimeSpan? CacheAge { get; init; }

    /// <summary>Who signed the answer when that is not the issuer: a delegated OCSP responder, an authority for CRLs. It belongs to the evidence.</summary>
    public Certificate? ResponderCertificate { get; init; }

    /// <summary>Why the status is unknown.</summary>
    public LocalText? Why { get; init; }
}
