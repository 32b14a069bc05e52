using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

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
