using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing;

/// <summary>The rules of a verifier beside its anchors; reports cite them.</summary>
public sealed record VerifierOptions
{
    /// <summary>Named in every report.</summary>
    public PolicyReference Policy { get; init; } = new("vanbandientu-default", "1");

    /// <summary>Until when algorithms may be relied on.</summary>
    public AlgorithmPolicy Algorithms { get; init; } = AlgorithmPolicy.Default;
}
