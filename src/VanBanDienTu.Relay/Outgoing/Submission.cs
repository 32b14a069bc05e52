using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>What the sender says about a document (edXML MessageHeader without the parties).</summary>
public sealed record DocumentHeader
{
    /// <summary>Số.</summary>
    public string Number { get; init; } = "";

    /// <summary>Ký hiệu.</summary>
    public string Notation { get; init; } = "";

    /// <summary>Nơi ban hành.</summary>
    public string Place { get; init; } = "";

    /// <summary>Ngày ban hành.</summary>
    public DateOnly? PromulgationDate { get; init; }

    /// <summary>Loại văn bản, as NĐ 30/2020 names it.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>Trích yếu.</summary>
    public string Subject { get; init; } = "";

    public string? Content { get; init; }

    public string? SignerCompetence { get; init; }

    public string? SignerPosition { get; init; }

    public string? SignerName { get; init; }

    /// <summary>Hạn trả lời.</summary>
    public DateOnly? DueDate { get; init; }

    public Urgency Urgency { get; init; }

    /// <summary>Nơi nhận, line by line.</summary>
    public IReadOnlyList<string> ToPlaces { get; init; } = [];

    public IReadOnlyList<DocumentReference> RespondsTo { get; init; } = [];

    /// <summary>Độ mật; must stay empty.</summary>
    public string? Secrecy { get; init; }

    public int PageCount { get; init; }

    /// <summary>Số và ký hiệu in one text: <c>101/CQM1-VP</c>.</summary>
    public string Code => Notation.Length == 0 ? Number : $"{Number}/{Notation}";
}

/// <summary>Names a document the way agencies do.</summary>
public sealed record DocumentReference(string? Organ, string? Code, string? EdxmlDocumentId, DateOnly? PromulgationDate);

/// <summary>What a submission does.</summary>
public enum BusinessType
{
    /// <summary>văn bản mới</summary>
    New = 0,

    /// <summary>thu hồi: never submitted, see <see cref="RecallDocument"/>; only seen in packets from elsewhere</summary>
    Recall = 1,

    /// <summary>cập nhật</summary>
    Update = 2,

    /// <summary>thay thế</summary>
    Replace = 3,
}

/// <summary>Where the organisation's signature is drawn: PDF points from the lower left corner, page from 1.</summary>
public sealed record SignaturePlacement(int Page, double X, double Y, double Width, double Height);

/// <summary>One submitted file.</summary>
/// <param name="Payload">Null until its bytes are here.</param>
public sealed record SubmittedAttachment(string Name, PayloadRef? Payload, string ContentType = "", string? Description = null);

/// <summary>A document and its recipients as a unit's own system hands them over.</summary>
public sealed record Submission
{
    /// <summary>The caller's id, unique per organ, remembered for ever.</summary>
    public string RequestId { get; init; } = "";

    public string FromOrgan { get; init; } = "";

    public IReadOnlyList<Party> Recipients { get; init; } = [];

    public DocumentHeader Document { get; init; } = new();

    /// <summary>The first is the document itself: a PDF signed by the competent person.</summary>
    public IReadOnlyList<SubmittedAttachment> Attachments { get; init; } = [];

    public BusinessType BusinessType { get; init; }

    /// <summary>Why it updates or replaces.</summary>
    public string BusinessReason { get; init; } = "";

    /// <summary>edXML DocumentIds: of the one updated, of those replaced.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>Null = an invisible signature.</summary>
    public SignaturePlacement? Placement { get; init; }
}
