namespace VanBanDienTu.Gateway.Config;

/// <summary>What stored verdicts are worth later. Both need <see cref="NodeConfig.Timestamps"/>; without, stored verdicts prove nothing by themselves.</summary>
public sealed record ArchiveConfig
{
    /// <summary>Addresses of CRLs that are kept daily under a timestamp.</summary>
    public IReadOnlyList<string> Crls { get; init; } = [];

    /// <summary>New verdicts are put under a timestamp together, at most this often.</summary>
    public TimeSpan StampEvery { get; init; } = TimeSpan.FromMinutes(1);
}
