using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Preparation of an outgoing document.</summary>
public enum DocumentState
{
    Received,

    /// <summary>Being checked, signed and packed.</summary>
    Signing,

    /// <summary>Waits for an authority (OCSP, TSA) or a person; tried again by itself.</summary>
    Held,

    /// <summary>Signed and packed; its deliveries have lives of their own.</summary>
    Queued,
    Refused,
}

/// <summary>What a submission is answered with once it is durable.</summary>
public sealed record SubmissionReceipt(Guid DocumentId, string EdxmlDocumentId, string RequestDigest, DateTimeOffset Received);

/// <summary>An outgoing document as its organ sees it.</summary>
public sealed record OutgoingDocument
{
    public required Guid Id { get; init; }

    public required string EdxmlDocumentId { get; init; }

    public required Submission Submission { get; init; }

    /// <summary>As they travel: after signing, the signed document.</summary>
    public required IReadOnlyList<Attachment> Attachments { get; init; }

    public required DocumentState State { get; init; }

    /// <summary>Why it is held or refused.</summary>
    public Reason? Reason { get; init; }

    public required DateTimeOffset Received { get; init; }

    public required DateTimeOffset Changed { get; init; }

    /// <summary>While Held: when it is tried again.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>How often it was tried to prepare it.</summary>
    public int Attempts { get; init; }

    public IReadOnlyList<DeliveryView> Deliveries { get; init; } = [];

    /// <summary>Documents that arrived in answer to this one.</summary>
    public IReadOnlyList<ResponseLink> Responses { get; init; } = [];

    /// <summary>Signed SubmissionAcceptance or SubmissionRejection once decided.</summary>
    public SignedEvidence? Outcome { get; init; }
}

/// <summary>One document to one recipient as its sender sees it.</summary>
public sealed record DeliveryView
{
    public required Guid MessageId { get; init; }

    public required Party Recipient { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>Empty, or <c>recall:open</c>, <c>recall:agreed</c>, <c>update:refused</c> …</summary>
    public string Request { get; init; } = "";

    /// <summary>The delivery of the later document that asks it.</summary>
    public Guid? AskedBy { get; init; }

    /// <summary>For Failed: who gave up or refused; for Rejected: which organ.</summary>
    public string? By { get; init; }

    public Reason? Reason { get; init; }

    public int Attempts { get; init; }

    /// <summary>While Queued: when it is sent next.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    public string? LastError { get; init; }

    /// <summary>Statuses that contradict each other came in; somebody should ask.</summary>
    public bool Contradicted { get; init; }

    public required DateTimeOffset Changed { get; init; }

    public IReadOnlyList<StatusEntry> History { get; init; } = [];
}

/// <summary>A business status that came in or went out.</summary>
/// <param name="Time">When it was said, by the clock of who said it.</param>
/// <param name="Contradicts">It cannot be true together with one that was said before it; the state is the earlier one's.</param>
public sealed record StatusEntry(string Code, string? Description, DateTimeOffset Time, string Organ, bool Contradicts = false)
{
    /// <summary>What was said beside the code, as the reason of what it led to.</summary>
    internal Messages.Reason? Reason => Description is { } text ? new Messages.Reason($"STATUS_{Code}", text, text) : null;
}

/// <summary>One change of an outgoing document or of one of its deliveries.</summary>
/// <param name="MessageId">Null when it concerns the document itself.</param>
/// <param name="Code">Số và ký hiệu.</param>
public sealed record OutgoingEvent(
    long Sequence, DateTimeOffset Time, Guid DocumentId, Guid? MessageId, Party? Recipient, string PreviousState, string State,
    string Request, Reason? Reason, string Code);

/// <summary>One page of a list, and where the next begins.</summary>
/// <param name="Next">Empty on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string Next);
