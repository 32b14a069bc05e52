using System.Text.Json.Serialization;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Gateway.Config;

/// <summary>Timestamp authorities (cơ quan cấp dấu thời gian), asked in this order.</summary>
public sealed record TimestampConfig
{
    /// <summary>RFC 3161 over http or https.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>Hosts of <see cref="Authorities"/> that may be private addresses.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>The policy to ask for; absent: the authority's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Policy { get; init; }

    /// <summary>For one answer of one authority; real ones took up to 131 s. A document whose time is up is held and tried again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Open calls to one authority; documents that wait for an answer do not keep others from being prepared.</summary>
    public int MaxConcurrentCalls { get; init; } = 4;

    /// <summary>How long an authority that failed three times is left alone.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(60);

    public TimestampOptions ToOptions() => new()
    {
        Authorities = [.. Authorities.Select(address => new Uri(address))],
        PrivateHosts = PrivateHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
        PolicyOid = Policy,
        Timeout = Timeout,
        MaxConcurrentCalls = MaxConcurrentCalls,
        BreakDuration = BreakDuration,
    };
}
