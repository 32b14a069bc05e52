namespace VanBanDienTu.Gateway.Config;

/// <summary>
/// The node's face for systems that speak the national axis's protocol (VXP): their units live at this node and exchange whole packets.
/// </summary>
public sealed record VxpConfig
{
    /// <summary>"https://ADDRESS:PORT", a port of its own; "http://" only on loopback and with allowPlaintext.</summary>
    public required string Listen { get; init; }

    /// <summary>Before the operation's name, as in today's addresses.</summary>
    public string Path { get; init; } = "/XrdAdapter/adapter";

    /// <summary>How far a request's timestamp may be from our clock.</summary>
    public TimeSpan ClockWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of one packet, base64 included.</summary>
    public long MaxPacketBytes { get; init; } = 8L << 30;

    public IReadOnlyList<VxpSystemConfig> Systems { get; init; } = [];
}

/// <summary>One system (SystemId) and the units that it acts for.</summary>
public sealed record VxpSystemConfig
{
    /// <summary>Such as "00.53.W00".</summary>
    public required string SystemId { get; init; }

    /// <summary>Holds the SecretKey; while it is being replaced two lines, the new one first. Read again when it changes.</summary>
    public required string SecretFile { get; init; }

    /// <summary>Wider than the face's own for an old client library that takes its timestamp once, at its start; null = the face's.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? ClockWindow { get; init; }

    public bool Locked { get; init; }

    public IReadOnlyList<VxpOrganConfig> Organs { get; init; } = [];
}

/// <summary>A unit behind the face.</summary>
public sealed record VxpOrganConfig
{
    public required string Organ { get; init; }

    public required string Name { get; init; }
}
