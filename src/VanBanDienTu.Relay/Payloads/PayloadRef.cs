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

    /// <summary>Where the bytes lie, while no row says so yet.</summary>
    [JsonIgnore]
    internal SegmentPlace? Place { get; init; }

    public bool Equals(PayloadRef? other) =>
        other is not null && Size == other.Size && string.Equals(Sha256, other.Sha256, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(StringComparer.Ordinal.GetHashCode(Sha256), Size);
}
