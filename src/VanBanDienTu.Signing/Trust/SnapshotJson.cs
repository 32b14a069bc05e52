using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing.Trust;

[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrustSnapshot.Stored))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
