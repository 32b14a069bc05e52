namespace VanBanDienTu.Axis.Edxml;

/// <summary>How much of a stranger's packet is read before it is refused.</summary>
public sealed record EdxmlLimits
{
    public static EdxmlLimits Default { get; } = new();

    /// <summary>Bytes of XML outside the attachments' base64. 4 MiB carries about 10,000 recipients.</summary>
    public int MaxEnvelopeBytes { get; init; } = 4 << 20;

    /// <summary>Elements outside the attachments.</summary>
    public int MaxElements { get; init; } = 200_000;

    /// <summary>Nesting of elements; a packet of the standard needs 9.</summary>
    public int MaxDepth { get; init; } = 32;

    public int MaxAttachments { get; init; } = 1_000;

    /// <summary>Bytes of one attachment, decoded and unzipped.</summary>
    public long MaxAttachmentBytes { get; init; } = 8L << 30;

    /// <summary>Bytes of all attachments together, decoded and unzipped.</summary>
    public long MaxTotalBytes { get; init; } = 16L << 30;

    /// <summary>How many times larger than its archive an unzipped attachment may be, past the first MiB.</summary>
    public int MaxZipRatio { get; init; } = 200;

    /// <summary>Problems listed for one packet; the rest is only counted by a closing line.</summary>
    public int MaxProblems { get; init; } = 200;
}
