using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

/// <summary>One node, as its JSON file describes it. Paths are relative to the file's folder.</summary>
public sealed record NodeConfig
{
    /// <summary>The node's name on the axis: letters, digits, '-', '_' and '.', at most 64.</summary>
    public required string Node { get; init; }

    /// <summary>The organ that runs the node (cơ quan vận hành).</summary>
    public required string Organ { get; init; }

    public NodeRole Role { get; init; } = NodeRole.Both;

    /// <summary>Folder for what is this node's own: without <see cref="Storage"/> its database and payloads. Made when absent.</summary>
    public required string Data { get; init; }

    /// <summary>A database that several nodes share; null = the node's own, in <see cref="Data"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StorageConfig? Storage { get; init; }

    /// <summary>Seals payloads at rest; null = new ones are kept as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EncryptionConfig? Encryption { get; init; }

    /// <summary>"https://ADDRESS:PORT"; port 0 takes a free one. "http://" only on loopback and with <see cref="AllowPlaintext"/>.</summary>
    public required string Listen { get; init; }

    /// <summary>Without TLS nobody can show a certificate, so only health and reflection answer there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowPlaintext { get; init; }

    /// <summary>The node's TLS key, for listening and for its links.</summary>
    public required KeyConfig Tls { get; init; }

    /// <summary>The key that signs evidence (chứng cứ).</summary>
    public required KeyConfig Evidence { get; init; }

    public required TrustConfig Trust { get; init; }

    /// <summary>Who gives timestamps; needed by organs that sign above B-B.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimestampConfig? Timestamps { get; init; }

    /// <summary>Organs whose documents this node sends and receives.</summary>
    public IReadOnlyList<OrganConfig> Organs { get; init; } = [];

    /// <summary>Who may call, by certificate.</summary>
    public IReadOnlyList<MemberConfig> Members { get; init; } = [];

    /// <summary>Other nodes that messages go to.</summary>
    public IReadOnlyList<LinkConfig> Links { get; init; } = [];

    /// <summary>The operator's own entries of the units' directory, a table (see README); null = only organs and members.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Units { get; init; }

    /// <summary>Office hours and public holidays; null = the usual ones of Vietnam.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalendarConfig? Calendar { get; init; }

    /// <summary>Units whose systems speak the national axis's protocol to this node; null = no such face.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VxpConfig? Vxp { get; init; }

    public ArchiveConfig Archive { get; init; } = new();

    public RetryConfig Retry { get; init; } = new();

    public LimitsConfig Limits { get; init; } = new();

    public LogConfig Log { get; init; } = new();

    /// <summary>Where metrics and traces go; null = nowhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TelemetryConfig? Telemetry { get; init; }

    /// <summary>Folder that the paths are relative to.</summary>
    [JsonIgnore]
    public string BaseFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>For callers' PDFs while they are signed or verified; emptied at every start.</summary>
    [JsonIgnore]
    public string ScratchFolder => Path.Combine(Encryption is null ? PathOf(Data) : MemoryFolder, "calls");

    /// <summary>Where a node with keys keeps what is readable for a moment: never on a disk.</summary>
    [JsonIgnore]
    public string MemoryFolder => Encryption?.Scratch is { } chosen ? PathOf(chosen) : Hosting.MemoryFolder.Of(PathOf(Data));

    public string PathOf(string relative) => Path.GetFullPath(Path.Combine(BaseFolder, relative));
}

public enum NodeRole
{
    /// <summary>Serves its own organs only; forwards nothing for others.</summary>
    Unit,

    /// <summary>Forwards for other nodes only; no organ lives there.</summary>
    Hub,

    Both,
}
