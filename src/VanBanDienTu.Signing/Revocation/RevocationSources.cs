using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>Where one verification learns of revocation.</summary>
/// <param name="Embedded">What the document brings along.</param>
internal sealed record RevocationSources(EmbeddedRevocation Embedded)
{
    /// <summary>What was kept of earlier verifications.</summary>
    public EmbeddedRevocation Kept { get; init; } = EmbeddedRevocation.None;

    /// <summary>Certificates that came along.</summary>
    public IReadOnlyList<Certificate> Pool { get; init; } = [];

    /// <summary>The path of another authority that signs CRLs, if it leads to an anchor.</summary>
    public Func<Certificate, PathResult?>? Vouch { get; init; }

    /// <summary>A trusted list names the first certificate as an OCSP responder of the provider of the second, an anchor.</summary>
    public Func<Certificate, Certificate, bool>? IsListedResponder { get; init; }

    /// <summary>Remembers what authorities are asked, or answers for them.</summary>
    public RevocationExchanges? Exchanges { get; init; }
}
