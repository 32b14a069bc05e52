using System.Text.Json.Serialization;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;

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

/// <summary>Payloads sealed at rest (mã hóa dữ liệu lưu trữ).</summary>
public sealed record EncryptionConfig
{
    /// <summary>Files of 32 random bytes (hex, base64 or raw). The first one writes, all of them read: a new key is put in front.</summary>
    public required IReadOnlyList<string> KeyFiles { get; init; }

    /// <summary>A folder in memory or on an encrypted disk for documents while they are signed; null = in <c>/dev/shm</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scratch { get; init; }
}

/// <summary>A key: a PKCS#12 file, the address of one on a token or at a signing service; and where its password or PIN is: in a file, or an environment variable.</summary>
public record KeyConfig
{
    /// <summary>A path, or <c>pkcs11:token=…;object=…?module-path=/usr/lib/….so</c> (RFC 7512), or <c>csc:FILE.json</c> for a
    /// signing service; the last two not for <see cref="NodeConfig.Tls"/>.</summary>
    public required string Key { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PasswordFile { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PasswordEnvironment { get; init; }

    /// <summary>The PIN of a key on a token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PinFile { get; init; }
}

/// <summary>An organ's signing key, and the level of what it signs.</summary>
public sealed record SigningConfig : KeyConfig
{
    /// <summary>B-B, B-T, B-LT or B-LTA. A level that cannot be reached for now holds the document; a lower one is never given instead.</summary>
    public string Level { get; init; } = "B-B";

    /// <summary>The organ's seal (hình ảnh con dấu), PNG with a transparent background: placed over the left third of the personal signature. Absent: shown only where a caller gives a place, as text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Image { get; init; }

    /// <summary>The seal's width on paper; absent: what the PNG states, else 36 mm.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ImageMillimetres { get; init; }
}

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

/// <summary>Where the state is kept that several nodes share.</summary>
public sealed record StorageConfig
{
    public required PostgresConfig Postgres { get; init; }
}

public sealed record PostgresConfig
{
    /// <summary>File with one line «Host=…;Database=…;Username=…;Password=…», readable by the node only.</summary>
    public required string ConnectionFile { get; init; }
}

public sealed record TrustConfig
{
    /// <summary>Folder of anchors: *.pem, *.crt, *.cer; trusted lists *.xml, signed by a certificate in its subfolder list-signers.</summary>
    public required string Folder { get; init; }

    /// <summary>Accepts sample anchors (for demonstrations and tests only); reports are marked.</summary>
    public bool AllowSample { get; init; }

    /// <summary>Host names, without ports, that OCSP and CRL may be fetched from; empty = any public host.</summary>
    public IReadOnlyList<string> RevocationHosts { get; init; } = [];

    /// <summary>Which is asked first, or alone: OCSP or CRL.</summary>
    public RevocationOrder RevocationOrder { get; init; }

    /// <summary>«FROM=TO»: addresses in certificates that begin with FROM are asked at TO. Nothing else is ever rewritten.</summary>
    public IReadOnlyList<string> RevocationRewrites { get; init; } = [];

    /// <summary>For one answer of OCSP or CRL.</summary>
    public TimeSpan RevocationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a place that gave no answer is left alone.</summary>
    public TimeSpan RevocationPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Never asks an authority: only embedded revocation data counts.</summary>
    public bool Offline { get; init; }

    /// <summary>What the revocation of callers' and neighbours' TLS certificates decides.</summary>
    public PeerRevocationRule PeerRevocation { get; init; }

    /// <summary>How long an answer about such a certificate counts while it is in use; then it is asked for again.</summary>
    public TimeSpan PeerRevocationEvery { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Whether a TLS certificate of a caller or neighbour may be used.</summary>
public enum PeerRevocationRule
{
    /// <summary>Unless it is known to be revoked: an authority that is away stops no exchange. Who must be out at once is locked in the directory.</summary>
    WhenKnown,

    /// <summary>Only when it is known not to be revoked.</summary>
    Required,

    /// <summary>Authorities are not asked.</summary>
    Off,
}

/// <summary>An organ that lives here (cơ quan của nút).</summary>
public sealed record OrganConfig
{
    public required string Organ { get; init; }

    public required string Name { get; init; }

    /// <summary>The organ's own signing key (chữ ký số của cơ quan); without one the organ only receives.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SigningConfig? Signing { get; init; }

    /// <summary>Document types that go out without a personal signature.</summary>
    public IReadOnlyList<string> ExemptTypes { get; init; } = [];

    /// <summary>What differs from the default policy of the lint before signing, e.g. <c>javascript=warn</c>.</summary>
    public IReadOnlyList<string> Lint { get; init; } = [];
}

/// <summary>One grant: these certificates may act for this organ in these roles. An organ may have several.</summary>
public sealed record MemberConfig
{
    public required string Organ { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the DER, 64 hexadecimal digits; two may overlap while one replaces the other.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    public IReadOnlyList<MemberRole> Roles { get; init; } = [];

    public bool Locked { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ValidFrom { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ValidTo { get; init; }
}

public enum MemberRole
{
    /// <summary>The organ's document-management system (QLVB) or clerk: sends, fetches, answers.</summary>
    System,

    /// <summary>Another node: delivers messages.</summary>
    Node,

    /// <summary>Runs this node.</summary>
    Operator,

    /// <summary>Reads all evidence.</summary>
    Auditor,
}

/// <summary>What is at the other end of a link.</summary>
public enum LinkKind
{
    /// <summary>A node of ours: gRPC over mutual TLS.</summary>
    Node,

    /// <summary>The national axis, or anything that speaks its client protocol (VXP).</summary>
    Vxp,

    /// <summary>Two folders that people carry across an air gap.</summary>
    Folder,
}

/// <summary>A neighbour that messages are handed to.</summary>
public sealed record LinkConfig
{
    public required string Name { get; init; }

    public LinkKind Kind { get; init; }

    /// <summary>Of a node "https://HOST:PORT"; of the axis "http(s)://HOST:PORT/XrdAdapter/adapter"; a folder link has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>SHA-256 of the neighbour's certificates; when empty its certificate must chain to the trust and name <see cref="Organ"/>.</summary>
    public IReadOnlyList<string> PeerCertificates { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Organ { get; init; }

    /// <summary>Organ ids or whole dot groups behind it; "*" = everything not known better (upward).</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>How often the units' directory is taken from there (kinds node and vxp); null = never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Directory { get; init; }

    /// <summary>Of kind vxp: how we are known there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VxpLinkConfig? Vxp { get; init; }

    /// <summary>Of kind folder: what is carried where.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FolderLinkConfig? Folder { get; init; }
}

/// <summary>The two folders of a carried link.</summary>
public sealed record FolderLinkConfig
{
    /// <summary>Bundles and receipts to be carried away; often on a medium that comes and goes.</summary>
    public required string Out { get; init; }

    /// <summary>What was carried here.</summary>
    public required string In { get; init; }

    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How this node speaks to the axis.</summary>
public sealed record VxpLinkConfig
{
    public required string SystemId { get; init; }

    /// <summary>Holds the SecretKey in its first line; read again when it changes.</summary>
    public required string SecretFile { get; init; }

    public HashFileEncoding HashFile { get; init; } = HashFileEncoding.Legacy;

    /// <summary>How often what waits there for us is fetched.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What stored verdicts are worth later. Both need <see cref="NodeConfig.Timestamps"/>; without, stored verdicts prove nothing by themselves.</summary>
public sealed record ArchiveConfig
{
    /// <summary>Addresses of CRLs that are kept daily under a timestamp.</summary>
    public IReadOnlyList<string> Crls { get; init; } = [];

    /// <summary>New verdicts are put under a timestamp together, at most this often.</summary>
    public TimeSpan StampEvery { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>When the organs of this node work: what is due «the same day» is due by this.</summary>
public sealed record CalendarConfig
{
    /// <summary>Of a working day: «08:00-12:00»; empty = the usual two.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>File of public holidays and days worked instead, see the file that came with this program; null = that one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holidays { get; init; }
}

public sealed record RetryConfig
{
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After this a delivery has failed.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(5);
}

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

public sealed record LogConfig
{
    /// <summary>Trace, Debug, Information, Warning, Error.</summary>
    public string Level { get; init; } = "Information";

    public LogFormat Format { get; init; }
}

public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line, with the trace id (= message id without hyphens) that the line belongs to.</summary>
    Json,
}

/// <summary>A collector that speaks OTLP. Headers that it demands: environment variable OTEL_EXPORTER_OTLP_HEADERS.</summary>
public sealed record TelemetryConfig
{
    /// <summary>"https://HOST:PORT", usually port 4317 for gRPC and 4318 for HTTP; "http" only on loopback.</summary>
    public required string Otlp { get; init; }

    public OtlpKind Protocol { get; init; }

    /// <summary>Between two exports of the metrics.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No traces.</summary>
    public bool MetricsOnly { get; init; }
}

public enum OtlpKind
{
    Grpc,

    /// <summary>HTTP with Protocol Buffers, to /v1/traces and /v1/metrics.</summary>
    Http,
}
