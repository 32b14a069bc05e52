namespace VanBanDienTu.Signing.Timestamps;

/// <summary>Which timestamp authorities are asked, and with how much patience.</summary>
public sealed record TimestampOptions
{
    /// <summary>Asked in this order: the next one only when the one before failed. Nothing else is ever asked.</summary>
    public required IReadOnlyList<Uri> Authorities { get; init; }

    /// <summary>
    /// Hosts that may be loopback or private addresses and still stamp in earnest. Elsewhere such an address is good for the
    /// tokens of a sample authority only, and a public name that leads to one is not connected to.
    /// </summary>
    public IReadOnlySet<string> PrivateHosts { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The policy to ask for; an answer under another one is refused. Null: the authority's own.</summary>
    public string? PolicyOid { get; init; }

    /// <summary>For one answer. Real authorities were seen to take 131 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Calls to one authority at the same time; more wait for their turn.</summary>
    public int MaxConcurrentCalls { get; init; } = 4;

    /// <summary>A larger answer is refused.</summary>
    public int MaxAnswerBytes { get; init; } = 128 * 1024;

    /// <summary>A token whose time is further from our own clock is refused: one of the two is wrong.</summary>
    public TimeSpan MaxClockDifference { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>This many failures within <see cref="FailureWindow"/>, half of the calls or more, and the authority is left alone.</summary>
    public int FailuresUntilBreak { get; init; } = 3;

    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it is left alone; then one call tries again.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(60);
}
