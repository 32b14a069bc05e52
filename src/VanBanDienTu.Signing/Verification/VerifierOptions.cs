using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing;

/// <summary>The rules of a verifier beside its anchors; reports cite them.</summary>
public sealed record VerifierOptions
{
    /// <summary>Named in every report; the version cites the table of algorithms too.</summary>
    public PolicyReference Policy => new("vanbandientu-default", "2; " + Algorithms.Version);

    /// <summary>Until when algorithms may be relied on.</summary>
    public AlgorithmPolicy Algorithms { get; init; } = AlgorithmPolicy.Default;

    /// <summary>Opens encrypted files; null for none, or an empty user's password.</summary>
    public PdfPassword? Password { get; init; }
}
