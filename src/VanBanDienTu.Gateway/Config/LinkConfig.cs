using System.Text.Json.Serialization;
using VanBanDienTu.Axis.Vxp;

namespace VanBanDienTu.Gateway.Config;

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

public sealed record RetryConfig
{
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After this a delivery has failed.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(5);
}
