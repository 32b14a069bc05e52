using System.Text.Json.Serialization;

namespace VanBanDienTu.Gateway.Config;

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

/// <summary>Payloads sealed at rest (mã hóa dữ liệu lưu trữ).</summary>
public sealed record EncryptionConfig
{
    /// <summary>Files of 32 random bytes (hex, base64 or raw). The first one writes, all of them read: a new key is put in front.</summary>
    public required IReadOnlyList<string> KeyFiles { get; init; }

    /// <summary>A folder in memory or on an encrypted disk for documents while they are signed; null = in <c>/dev/shm</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scratch { get; init; }
}
