using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

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
