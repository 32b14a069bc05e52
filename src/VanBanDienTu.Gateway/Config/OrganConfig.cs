using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

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
