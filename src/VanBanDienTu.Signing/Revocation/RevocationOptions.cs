namespace VanBanDienTu.Signing.Revocation;

/// <summary>Which of OCSP and CRL is asked, and in which order: the next one only when the one before gave no answer.</summary>
public enum RevocationOrder
{
    OcspThenCrl,
    CrlThenOcsp,
    OcspOnly,
    CrlOnly,
}

/// <summary>How revocation is asked for.</summary>
public sealed record RevocationOptions
{
    /// <summary>Only what is embedded or cached; nothing goes out.</summary>
    public bool Offline { get; init; }

    /// <summary>
    /// Host names that may be asked, exactly (no ports). Null: any public host; loopback and private addresses then only
    /// for certificates of a sample authority, so that a document cannot make us call into our own network.
    /// </summary>
    public IReadOnlySet<string>? AllowedHosts { get; init; }

    /// <summary>Which is asked first, or alone.</summary>
    public RevocationOrder Order { get; init; }

    /// <summary>Prefixes of URLs in certificates to replace, such as a private name by its public one.</summary>
    public IReadOnlyDictionary<string, string> UrlRewrites { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>For one HTTP exchange; anew for every MiB that comes of a long list, but not more than twelve times as long in all.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A larger OCSP response is refused.</summary>
    public int MaxOcspBytes { get; init; } = 256 * 1024;

    /// <summary>A larger CRL is refused.</summary>
    public int MaxCrlBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Where verified answers are kept for later runs; null: only in memory. With a network it stands in while an authority is
    /// silent and the answer has not ended; without one it is all there is.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Bytes of OCSP responses and CRLs kept in memory.</summary>
    public long MaxCacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Clocks may differ by this much.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A response that does not say when the next one comes is fresh for this long.</summary>
    public TimeSpan FreshWithoutNextUpdate { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Fetched answers are asked for again after this long even when they are still fresh.</summary>
    public TimeSpan MaxCacheAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A place that failed is left alone for this long, so that a folder of files does not wait for it each time.</summary>
    public TimeSpan RetryFailedAfter { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>OCSP responses (or BasicOCSPResponses) and CRLs that came with a document.</summary>
public sealed record EmbeddedRevocation(IReadOnlyList<ReadOnlyMemory<byte>> OcspResponses, IReadOnlyList<ReadOnlyMemory<byte>> Crls)
{
    public static EmbeddedRevocation None { get; } = new([], []);

    internal bool IsEmpty => OcspResponses.Count == 0 && Crls.Count == 0;
}
