using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Gateway.Config;

/// <summary>Reads and writes a node's JSON file. Comments and trailing commas are allowed; unknown keys are refused.</summary>
public static class NodeConfigFile
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Vietnamese stays readable
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Reads a file and checks it whole.</summary>
    /// <exception cref="GatewayException"><see cref="GatewayFault.ConfigurationInvalid"/>, naming every problem at once.</exception>
    public static NodeConfig Load(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            return Parse(File.ReadAllBytes(full), Path.GetDirectoryName(full)!, full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.ConfigurationInvalid,
                $"Không đọc được tệp cấu hình {full}: hãy kiểm tra đường dẫn và quyền đọc.",
                $"The configuration file {full} cannot be read ({e.Message}); check the path and its permissions.", e);
        }
    }

    /// <summary>Parses the text of a configuration file whose paths are relative to <paramref name="baseFolder"/>.</summary>
    public static NodeConfig Parse(ReadOnlyMemory<byte> json, string baseFolder, string name = "node.json")
    {
        var problems = new List<ConfigProblem>();
        var config = Bind(json, name, problems) with { BaseFolder = baseFolder };
        if (problems.Count == 0)
            NodeConfigRules.Check(config, problems);
        if (problems.Count == 0)
            return config;
        throw new GatewayException(GatewayFault.ConfigurationInvalid,
            $"Tệp cấu hình {name} có {problems.Count} chỗ phải sửa:{Lines(problems, p => p.Vi)}",
            $"The configuration file {name} has {problems.Count} problem(s) to mend:{Lines(problems, p => p.En)}");
    }

    public static string ToJson(NodeConfig config) => JsonSerializer.Serialize(config, Written) + "\n";

    public static void Save(NodeConfig config, string path) => File.WriteAllText(path, ToJson(config));

    private static string Lines(List<ConfigProblem> problems, Func<ConfigProblem, string> text) =>
        string.Concat(problems.Select(p => $"\n  {p.Path}: {text(p)}"));

    private static NodeConfig Bind(ReadOnlyMemory<byte> json, string name, List<ConfigProblem> problems)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                MaxDepth = 16,
            });
            var root = new ConfigSection(document.RootElement, "", problems);
            var config = ReadNode(root);
            root.RefuseUnknown();
            return config;
        }
        catch (JsonException e)
        {
            throw new GatewayException(GatewayFault.ConfigurationInvalid,
                $"Tệp cấu hình {name} không phải JSON hợp lệ (dòng {e.LineNumber + 1}, cột {e.BytePositionInLine + 1}).",
                $"The configuration file {name} is not valid JSON (line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}).", e);
        }
    }

    private static NodeConfig ReadNode(ConfigSection s) => new()
    {
        Node = s.Required("node"),
        Organ = s.Required("organ"),
        Role = s.Choice("role", NodeRole.Both),
        Data = s.Required("data"),
        Storage = s.Section("storage", st => new StorageConfig
        {
            Postgres = st.RequiredSection("postgres", p => new PostgresConfig { ConnectionFile = p.Required("connectionFile") }),
        }),
        Encryption = s.Section("encryption", e => new EncryptionConfig { KeyFiles = e.Texts("keyFiles"), Scratch = e.Optional("scratch") }),
        Listen = s.Required("listen"),
        AllowPlaintext = s.Flag("allowPlaintext"),
        Tls = s.RequiredSection("tls", ReadKey),
        Evidence = s.RequiredSection("evidence", ReadKey),
        Trust = s.RequiredSection("trust", ReadTrust),
        Timestamps = s.Section("timestamps", ReadTimestamps),
        Organs = s.Sections("organs", ReadOrgan),
        Members = s.Sections("members", ReadMember),
        Links = s.Sections("links", ReadLink),
        Units = s.Optional("units"),
        Vxp = s.Section("vxp", VxpConfigReading.Read),
        Archive = s.Section("archive", ReadArchive) ?? new ArchiveConfig(),
        Calendar = s.Section("calendar", c => new CalendarConfig { Sessions = c.Texts("sessions"), Holidays = c.Optional("holidays") }),
        Retry = s.Section("retry", ReadRetry) ?? new RetryConfig(),
        Limits = s.Section("limits", ReadLimits) ?? new LimitsConfig(),
        Log = s.Section("log", l => new LogConfig
        {
            Level = l.Choice("level", Microsoft.Extensions.Logging.LogLevel.Information).ToString(), Format = l.Choice("format", LogFormat.Text),
        }) ?? new LogConfig(),
        Telemetry = s.Section("telemetry", ReadTelemetry),
    };

    private static TelemetryConfig ReadTelemetry(ConfigSection s) => new()
    {
        Otlp = s.Required("otlp"),
        Protocol = s.Choice("protocol", OtlpKind.Grpc),
        Every = s.Duration("every", TimeSpan.FromSeconds(15)),
        MetricsOnly = s.Flag("metricsOnly"),
    };

    private static KeyConfig ReadKey(ConfigSection s) => new()
    {
        Key = s.Required("key"),
        PasswordFile = s.Optional("passwordFile"),
        PasswordEnvironment = s.Optional("passwordEnvironment"),
        PinFile = s.Optional("pinFile"),
    };

    private static SigningConfig ReadSigning(ConfigSection s) => new()
    {
        Key = s.Required("key"),
        PasswordFile = s.Optional("passwordFile"),
        PasswordEnvironment = s.Optional("passwordEnvironment"),
        PinFile = s.Optional("pinFile"),
        Level = s.Optional("level") ?? "B-B",
        Image = s.Optional("image"),
        ImageMillimetres = s.Number("imageMillimetres", 0, 0, 200) is > 0 and var width ? (int)width : null,
    };

    private static TrustConfig ReadTrust(ConfigSection s) => new()
    {
        Folder = s.Required("folder"),
        AllowSample = s.Flag("allowSample"),
        RevocationHosts = s.Texts("revocationHosts"),
        RevocationOrder = s.Choice("revocationOrder", RevocationOrder.OcspThenCrl),
        RevocationRewrites = s.Texts("revocationRewrites"),
        RevocationTimeout = s.Duration("revocationTimeout", TimeSpan.FromSeconds(10)),
        RevocationPause = s.Duration("revocationPause", TimeSpan.FromSeconds(30)),
        Offline = s.Flag("offline"),
        PeerRevocation = s.Choice("peerRevocation", PeerRevocationRule.WhenKnown),
        PeerRevocationEvery = s.Duration("peerRevocationEvery", TimeSpan.FromMinutes(10)),
    };

    private static TimestampConfig ReadTimestamps(ConfigSection s)
    {
        var usual = new TimestampConfig();
        return new TimestampConfig
        {
            Authorities = s.Texts("authorities"),
            PrivateHosts = s.Texts("privateHosts"),
            Policy = s.Optional("policy"),
            Timeout = s.Duration("timeout", usual.Timeout),
            MaxConcurrentCalls = (int)s.Number("maxConcurrentCalls", usual.MaxConcurrentCalls, 1, 64),
            BreakDuration = s.Duration("breakDuration", usual.BreakDuration),
        };
    }

    private static OrganConfig ReadOrgan(ConfigSection s) => new()
    {
        Organ = s.Required("organ"),
        Name = s.Required("name"),
        Signing = s.Section("signing", ReadSigning),
        ExemptTypes = s.Texts("exemptTypes"),
        Lint = s.Texts("lint"),
    };

    private static MemberConfig ReadMember(ConfigSection s) => new()
    {
        Organ = s.Required("organ"),
        Name = s.Required("name"),
        Certificates = [.. s.Texts("certificates").Select(hex => hex.ToLowerInvariant())],
        Roles = s.Choices<MemberRole>("roles"),
        Locked = s.Flag("locked"),
        ValidFrom = s.Instant("validFrom"),
        ValidTo = s.Instant("validTo"),
    };

    private static LinkConfig ReadLink(ConfigSection s) => new()
    {
        Name = s.Required("name"),
        Kind = s.Choice("kind", LinkKind.Node),
        Address = s.Optional("address"),
        PeerCertificates = [.. s.Texts("peerCertificates").Select(hex => hex.ToLowerInvariant())],
        Organ = s.Optional("organ"),
        Routes = s.Texts("routes"),
        Directory = s.Optional("directory") is null ? null : s.Duration("directory", default),
        Vxp = s.Section("vxp", VxpConfigReading.ReadLink),
        Folder = s.Section("folder", f => new FolderLinkConfig
        {
            Out = f.Required("out"), In = f.Required("in"), Poll = f.Duration("poll", TimeSpan.FromSeconds(10)),
        }),
    };

    private static ArchiveConfig ReadArchive(ConfigSection s) => new()
    {
        Crls = s.Texts("crls"),
        StampEvery = s.Duration("stampEvery", new ArchiveConfig().StampEvery),
    };

    private static RetryConfig ReadRetry(ConfigSection s)
    {
        var usual = new RetryConfig();
        return new RetryConfig
        {
            FirstDelay = s.Duration("firstDelay", usual.FirstDelay),
            LongestDelay = s.Duration("longestDelay", usual.LongestDelay),
            Horizon = s.Duration("horizon", usual.Horizon),
        };
    }

    private static LimitsConfig ReadLimits(ConfigSection s)
    {
        var usual = new LimitsConfig();
        return new LimitsConfig
        {
            MaxAttachments = (int)s.Number("maxAttachments", usual.MaxAttachments, 1, 1000),
            MaxAttachmentBytes = s.Number("maxAttachmentBytes", usual.MaxAttachmentBytes, 1, long.MaxValue),
            MaxPdfBytes = s.Number("maxPdfBytes", usual.MaxPdfBytes, 1, long.MaxValue),
            MaxRecipients = (int)s.Number("maxRecipients", usual.MaxRecipients, 1, 10_000),
            MinFreeBytes = s.Number("minFreeBytes", usual.MinFreeBytes, 0, long.MaxValue),
            StopTimeout = s.Duration("stopTimeout", usual.StopTimeout),
            Quotas = s.Sections("quotas", QuotaConfig.Read),
        };
    }
}
