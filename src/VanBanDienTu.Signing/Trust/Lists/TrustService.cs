using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing.Trust;

/// <summary>What a trusted list trusts a certificate for.</summary>
public enum TrustServiceKind
{
    /// <summary>It issues certificates (dịch vụ cấp chứng thư).</summary>
    Authority,

    /// <summary>It gives timestamps, or issues those who do (dịch vụ cấp dấu thời gian).</summary>
    Timestamping,

    /// <summary>It answers OCSP.</summary>
    OcspResponder,
}

/// <summary>A status from an instant on, until the next one.</summary>
/// <param name="Status">The last part of the list's URI: «granted», «withdrawn», «recognisedatnationallevel» …</param>
public sealed record TrustServiceStatus(DateTimeOffset From, string Status)
{
    // TS 119 612 annex D.5 and, for history, the words that were used before 2016.
    private static readonly HashSet<string> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        "granted", "recognisedatnationallevel", "setbynationallaw", "undersupervision", "supervisionincessation", "accredited",
    };

    [JsonIgnore]
    public bool IsGood => Good.Contains(Status);
}

/// <summary>One service of a trusted list, for one certificate, with its history.</summary>
/// <param name="Certificate">SHA-256, lower-case hex.</param>
/// <param name="Provider">The trust service provider's name.</param>
/// <param name="History">Oldest first.</param>
/// <remarks>Source: ETSI TS 119 612, clauses 5.5 and 5.6.</remarks>
public sealed record TrustService(string Certificate, TrustServiceKind Kind, string Provider, IReadOnlyList<TrustServiceStatus> History)
{
    /// <summary>By when the list that says so should have been replaced by a newer one; null: it names no day.</summary>
    public DateTimeOffset? ListEnds { get; init; }

    /// <summary>The status at an instant; null before the first one.</summary>
    public TrustServiceStatus? At(DateTimeOffset instant) => History.LastOrDefault(s => s.From <= instant);
}
