using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>A token that was checked, and whose it is.</summary>
/// <param name="Token">Intact, about the hash that was sent, answering our nonce.</param>
/// <param name="Authority">The certificate that signed it; its path led to an anchor when anchors were given.</param>
/// <param name="From">Where it came from.</param>
public sealed record ObtainedTimestamp(TimestampToken Token, Certificate Authority, Uri From);
