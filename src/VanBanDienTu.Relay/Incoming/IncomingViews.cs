using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>A document that arrived for an organ of this node.</summary>
public sealed record IncomingDocument
{
    /// <summary>Equal to the message id of the delivery.</summary>
    public required Guid Id { get; init; }

    public required Party From { get; init; }

    public required string Organ { get; init; }

    public required string EdxmlDocumentId { get; init; }

    public required DocumentHeader Document { get; init; }

    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>The edXML envelope as the sender wrote it.</summary>
    public required ReadOnlyMemory<byte> Envelope { get; init; }

    public required IReadOnlyList<Hop> Hops { get; init; }

    public required DateTimeOffset Received { get; init; }

    public required Acceptance Acceptance { get; init; }

    /// <summary>Id of the rule that spoke.</summary>
    public string? Rule { get; init; }

    public Messages.Reason? Reason { get; init; }

    /// <summary>One for each PDF, in the order of the attachments.</summary>
    public IReadOnlyList<FileVerdict> Verdicts { get; init; } = [];

    /// <summary>Status codes sent so far, in order.</summary>
    public IReadOnlyList<StatusEntry> Answers { get; init; } = [];

    public DateTimeOffset? Confirmed { get; init; }

    /// <summary>Empty, or <c>recall:open</c> …</summary>
    public string Request { get; init; } = "";

    public string? RequestReason { get; init; }

    public required BusinessType BusinessType { get; init; }

    /// <summary>What it updates, replaces or takes back: edXML ids of the sender's.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>The later document that asks <see cref="Request"/> of this one.</summary>
    public Guid? AskedBy { get; init; }

    /// <summary>Documents that the unit sent in answer to this one.</summary>
    public IReadOnlyList<ResponseLink> Responses { get; init; } = [];

    /// <summary>What the unit must do about it, and until when.</summary>
    public IReadOnlyList<Deadline> Deadlines { get; init; } = [];
}

/// <summary>The unit's own system has the document.</summary>
public sealed record Handover(DateTimeOffset Confirmed, SignedEvidence Evidence);

/// <summary>What a unit answers a sender.</summary>
/// <param name="RequestId">The caller's id for this answer; the same one answers the same again.</param>
/// <param name="Code">02, 03, 04, 05, 06, 15 or 16.</param>
public sealed record UnitAnswer(string RequestId, string Code, string? Description = null, string? Staff = null, string? Department = null)
{
    /// <summary>The unit's own status packet, to be sent as it is; null = the node writes one.</summary>
    public ReadOnlyMemory<byte>? Packet { get; init; }
}
