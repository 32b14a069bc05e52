using System.Text.Json.Serialization;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Names bytes by their digest.</summary>
/// <param name="Sha256">Lower-case hexadecimal, 64 characters.</param>
/// <param name="Size">Bytes.</param>
public sealed record PayloadRef(string Sha256, long Size)
{
    /// <summary>The bytes themselves while they are small enough for a database row and not yet in it.</summary>
    [JsonIgnore]
    internal ReadOnlyMemory<byte>? Inline { get; init; }

    /// <summary>A row's bytes when they are sealed.</summary>
    [JsonIgnore]
    internal byte[]? Sealed { get; init; }

    /// <summary>Where the bytes lie, while no row says so yet.</summary>
    [JsonIgnore]
    internal SegmentPlace? Place { get; init; }

    /// <summary>The key that the kept bytes are sealed with, while no row says so yet; null = they are not, or a row knows.</summary>
    [JsonIgnore]
    internal string? KeyId { get; init; }

    /// <summary>What a store calls the bytes: the same content under another key, or under none, is another thing to keep.</summary>
    [JsonIgnore]
    internal string StoredName => KeyId is null ? Sha256 : $"{Sha256}.{KeyId}";

    /// <summary>Bytes that a store keeps for it.</summary>
    [JsonIgnore]
    internal long StoredSize => KeyId is null ? Size : AtRest.SealLayout.Sealed(Size);

    public bool Equals(PayloadRef? other) =>
        other is not null && Size == other.Size && string.Equals(Sha256, other.Sha256, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(StringComparer.Ordinal.GetHashCode(Sha256), Size);
}
