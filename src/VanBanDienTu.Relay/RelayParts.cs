using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay;

/// <summary>What a node is built from.</summary>
public sealed record RelayParts
{
    /// <summary>Signs with the organisation's keys.</summary>
    public required PdfSigner Signer { get; init; }

    public required PdfVerifier Verifier { get; init; }

    /// <summary>Stamps stored verdicts, so that they prove later what existed now; null: they prove nothing by themselves.</summary>
    public TimestampClient? Timestamps { get; init; }

    /// <summary>The node's evidence key.</summary>
    public required EvidenceSigner Evidence { get; init; }

    /// <summary>Peers' receipts must lead to one of these anchors.</summary>
    public required TrustSnapshot Trust { get; init; }

    public required MemberDirectory Directory { get; init; }

    /// <summary>By name; the routes of the directory speak of these.</summary>
    public required IReadOnlyDictionary<string, IAxisLink> Links { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Logs { get; init; }
}
