using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

/// <summary>When the organs of this node work: what is due «the same day» is due by this.</summary>
public sealed record CalendarConfig
{
    /// <summary>Of a working day: «08:00-12:00»; empty = the usual two.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>File of public holidays and days worked instead, see the file that came with this program; null = that one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holidays { get; init; }
}
