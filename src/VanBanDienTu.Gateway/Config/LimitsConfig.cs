namespace VanBanDienTu.Gateway.Config;

public sealed record LimitsConfig
{
    public int MaxAttachments { get; init; } = 20;

    /// <summary>Bytes of one attachment.</summary>
    public long MaxAttachmentBytes { get; init; } = 5L << 30;

    /// <summary>Bytes of one PDF that is signed or verified while the caller waits.</summary>
    public long MaxPdfBytes { get; init; } = 5L << 30;

    public int MaxRecipients { get; init; } = 500;

    /// <summary>Free bytes on the data folder's disk below which new documents are refused.</summary>
    public long MinFreeBytes { get; init; } = 64L << 20;

    /// <summary>How long a stopping node waits for calls that run.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How much each organ of this node, units behind its VXP face included, may have here.</summary>
    public IReadOnlyList<QuotaConfig> Quotas { get; init; } = [];
}
