using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>The node on the other side of a link.</summary>
/// <param name="CertificateSha256">Of the certificate that it called with; null for this node itself.</param>
public sealed record PeerNode(string Node, string Organ, string? CertificateSha256)
{
    /// <summary>A far side that signs nothing (the national axis): what came from there is recorded as ReceivedFromNonERDS.</summary>
    public bool External { get; init; }

    /// <summary>The far side's own id of the packet.</summary>
    public string? FarId { get; init; }
}

/// <summary>What a peer is told about a message that it handed over.</summary>
public abstract record AcceptAnswer
{
    private AcceptAnswer()
    {
    }

    /// <summary>Durable: RelayAcceptance or ContentConsignment, the same bytes every time.</summary>
    public sealed record Accepted(SignedEvidence Receipt) : AcceptAnswer;

    /// <summary>Permanent; a signed RelayRejection.</summary>
    public sealed record Refused(Reason Reason, SignedEvidence Receipt) : AcceptAnswer;

    /// <summary>Another message is known under this id; the conflict is signed.</summary>
    public sealed record Conflict(SignedEvidence Evidence) : AcceptAnswer;
}
