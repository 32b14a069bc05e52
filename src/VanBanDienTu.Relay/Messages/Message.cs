using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.Messages;

/// <summary>What a message between nodes carries.</summary>
public enum MessageKind
{
    Document = 1,

    /// <summary>An edXML status packet (01 … 16).</summary>
    Status = 2,

    /// <summary>A hub gave up: the evidence holds its signed RelayFailure, there is no envelope.</summary>
    Failure = 3,
}

/// <summary>Độ khẩn; a greater one goes first.</summary>
public enum Urgency
{
    /// <summary>thường</summary>
    Ordinary = 0,

    /// <summary>khẩn</summary>
    Urgent = 1,

    /// <summary>thượng khẩn</summary>
    VeryUrgent = 2,

    /// <summary>hỏa tốc</summary>
    Flash = 3,
}

/// <summary>An agency that sends or receives (cơ quan, tổ chức).</summary>
public sealed record Party(string Organ, string? Name = null);

/// <summary>One file of a document (tệp đính kèm); the first one is the document itself.</summary>
public sealed record Attachment(string Name, PayloadRef Payload, string ContentType, string? Description = null);

/// <summary>A node that a message passed (edXML TraceHeader).</summary>
public sealed record Hop(string Organ, DateTimeOffset Time);

/// <summary>Why something is so: a code for programs, a sentence in both languages for people.</summary>
public sealed record Reason(string Code, string Vi, string En);

/// <summary>A message as it passes between nodes, without its attachments' bytes.</summary>
public sealed record MessageHeader
{
    /// <summary>One per delivery, the same on every attempt and every hop.</summary>
    public required Guid Id { get; init; }

    public required MessageKind Kind { get; init; }

    /// <summary>Where it began; not the previous hop.</summary>
    public required Party From { get; init; }

    /// <summary>Where it ends; not the next hop.</summary>
    public required Party To { get; init; }

    /// <summary>Opaque: of the document, or of the one that a status speaks of.</summary>
    public required string EdxmlDocumentId { get; init; }

    /// <summary>edXML without attachments' bytes, at most <see cref="MaxEnvelopeBytes"/>; never changes on the way. Empty for a failure.</summary>
    public required ReadOnlyMemory<byte> Envelope { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Nodes passed so far; the last one is the sender of this copy.</summary>
    public IReadOnlyList<Hop> Hops { get; init; } = [];

    public Urgency Urgency { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Of a status or failure: the delivery concerned.</summary>
    public Guid? Concerns { get; init; }

    /// <summary>Signed evidence that backs a status or a failure.</summary>
    public IReadOnlyList<SignedEvidence> Evidence { get; init; } = [];

    public const int MaxEnvelopeBytes = 1 << 20;

    public const int MaxHops = 16;
}
