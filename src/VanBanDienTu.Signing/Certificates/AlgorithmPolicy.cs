namespace VanBanDienTu.Signing.Certificates;

/// <summary>One row: an algorithm, the smallest key size the row speaks for, the last day it may be relied on (null: open).</summary>
public sealed record AlgorithmRow(string Algorithm, int Size, DateOnly? Until);

/// <summary>
/// Until when hashes and keys may be relied on. Days after <see cref="Updated"/> are forecasts: they warn and never fail,
/// so a verdict does not turn by itself years from now.
/// </summary>
/// <remarks>Source: shared/domain/algorithms.md, that is ETSI TS 119 312 v1.5.1 as carried by the DSS 6.4 default policy.</remarks>
public sealed record AlgorithmPolicy(string Version, DateOnly Updated, IReadOnlyList<AlgorithmRow> Rows)
{
    public static AlgorithmPolicy Default { get; } = new("ETSI TS 119 312 v1.5.1", new DateOnly(2024, 10, 13),
    [
        new("MD5", 0, new DateOnly(2004, 8, 1)),
        new("SHA-1", 0, new DateOnly(2012, 8, 1)),
        new("RIPEMD-160", 0, new DateOnly(2014, 8, 1)),
        new("WHIRLPOOL", 0, new DateOnly(2020, 12, 1)),
        new("SHA-224", 0, new DateOnly(2029, 1, 1)),
        new("RSA", 0, new DateOnly(2010, 8, 1)),
        new("RSA", 1024, new DateOnly(2019, 10, 1)),
        new("RSA", 1900, new DateOnly(2029, 1, 1)),
        new("RSA-PSS", 0, new DateOnly(2010, 8, 1)),
        new("RSA-PSS", 1024, new DateOnly(2019, 10, 1)),
        new("RSA-PSS", 1900, new DateOnly(2029, 1, 1)),
        new("RSA-PSS", 3000, null),
        new("DSA", 0, new DateOnly(2015, 12, 1)),
        new("DSA", 1900, new DateOnly(2029, 1, 1)),
        new("DSA", 3000, null),
        new("ECDSA", 0, new DateOnly(2012, 8, 1)),
        new("ECDSA", 224, new DateOnly(2021, 10, 1)),
        new("ECDSA", 256, null),
    ]);

    /// <summary>The last day for a hash («SHA-1»); null when open or not listed.</summary>
    public DateOnly? HashUntil(string name) => Row(name, 0)?.Until;

    /// <summary>The last day for a signature algorithm and key size; null when open or not listed.</summary>
    public DateOnly? KeyUntil(string algorithm, int size) => Row(algorithm, size)?.Until;

    /// <summary>The earlier of the hash's and the key's last day; null when both are open.</summary>
    public DateOnly? Until(SignatureAlgorithm algorithm, PublicKeyInfo key)
    {
        var hash = algorithm.HashName is { } name ? HashUntil(name) : null;
        var size = KeyUntil(algorithm.Name, key.Size);
        return hash is null ? size : size is null || hash < size ? hash : size;
    }

    /// <summary>What was no longer to be relied on at an instant, with its last day; null when nothing failed.</summary>
    public (string Name, DateOnly Until)? FirstExpired(SignatureAlgorithm algorithm, PublicKeyInfo key, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (algorithm.HashName is { } hash && HashUntil(hash) is { } hashUntil && day > hashUntil && hashUntil <= Updated)
            return (hash, hashUntil);
        if (KeyUntil(algorithm.Name, key.Size) is { } keyUntil && day > keyUntil && keyUntil <= Updated)
            return ($"{algorithm.Name} {key.Size}", keyUntil);
        return null;
    }

    private AlgorithmRow? Row(string algorithm, int size) => Rows
        .Where(r => string.Equals(r.Algorithm, algorithm, StringComparison.Ordinal) && r.Size <= size)
        .MaxBy(r => r.Size);
}
