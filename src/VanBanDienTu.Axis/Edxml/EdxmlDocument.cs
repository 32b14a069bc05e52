using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>
/// The header and manifest of one document packet (gói tin văn bản điện tử); the attachments' bytes travel beside it.
/// </summary>
/// <remarks>Source: QCVN 102:2016/BTTTT. Texts are trimmed; an element that is absent or empty is null.</remarks>
public sealed record EdxmlDocument
{
    /// <summary>The unit that sends (đơn vị gửi).</summary>
    public required EdxmlOrgan From { get; init; }

    /// <summary>The units that receive (nơi nhận), at least one, none twice.</summary>
    public required IReadOnlyList<EdxmlOrgan> To { get; init; }

    /// <summary>The sender's id of the document; opaque: usually <c>G13,2024/11/21,1234/BTNMT-KHTC</c>, but a UUID from some. Never split it.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Number and notation (số, ký hiệu).</summary>
    public required EdxmlCode Code { get; init; }

    /// <summary>Where and when it was issued.</summary>
    public required PromulgationInfo Promulgation { get; init; }

    /// <summary>The document's kind; trust its name, not its numbers.</summary>
    public EdxmlDocumentType? DocumentType { get; init; }

    /// <summary>What it is about (trích yếu).</summary>
    public required string Subject { get; init; }

    /// <summary>A summary of its content.</summary>
    public string? Content { get; init; }

    /// <summary>The competent person who signed.</summary>
    public SignerInfo? Signer { get; init; }

    /// <summary>When an answer is due (hạn trả lời).</summary>
    public DateOnly? DueDate { get; init; }

    public OtherInfo? Other { get; init; }

    /// <summary>The documents that this one answers.</summary>
    public IReadOnlyList<ResponseFor> ResponseFor { get; init; } = [];

    /// <summary>0, 1 or 2; 1 was seen as «chỉ đạo».</summary>
    public int? SteeringType { get; init; }

    /// <summary>Task codes of the task-tracking system (an extension).</summary>
    public IReadOnlyList<string> TaskCodes { get; init; } = [];

    /// <summary>An extension seen in the official library; passed through.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>The lines of «Nơi nhận».</summary>
    public IReadOnlyList<string> ToPlaces { get; init; } = [];

    /// <summary>
    /// The hops recorded in this XML. Leave it empty in an envelope that travels between our own nodes: hops go along as data there.
    /// </summary>
    public IReadOnlyList<TraceHop> Trace { get; init; } = [];

    /// <summary>What the packet does: a new document, a recall, an update, a replacement; null means new.</summary>
    public Bussiness? Bussiness { get; init; }

    /// <summary>The manifest: one reference per attachment.</summary>
    public IReadOnlyList<EdxmlReference> References { get; init; } = [];

    /// <summary>Whether the header carries an XML signature; it is not verified, legal force is in the PDF's own signatures.</summary>
    public bool HasHeaderSignature { get; init; }

    /// <summary>The business type, new when the packet does not say.</summary>
    public BussinessType Kind => Bussiness?.Type ?? BussinessType.New;
}

/// <summary>Number (<c>1234</c>) and notation (<c>BTNMT-KHTC</c>).</summary>
public sealed record EdxmlCode(string Number, string? Notation)
{
    /// <summary>Both in one, as people write it: <c>1234/BTNMT-KHTC</c>.</summary>
    public override string ToString() => Notation is null ? Number : $"{Number}/{Notation}";
}

/// <summary>Place and date of issue.</summary>
public sealed record PromulgationInfo(string? Place, DateOnly Date);

/// <summary>Kind of document. The numbers differ from system to system; the name is what counts.</summary>
public sealed record EdxmlDocumentType(int? Type, int? TypeDetail, string? TypeName);

/// <summary>One line of the manifest.</summary>
/// <param name="ContentId">Without its prefix <c>cid:</c>, which the XML carries.</param>
/// <param name="ContentType">As <see cref="AttachmentEncoding"/> says for the name; null when absent.</param>
/// <param name="Description">Free text.</param>
/// <param name="AttachmentName">The original file name; never a path to write to.</param>
public sealed record EdxmlReference(string ContentId, string? ContentType, string? Description, string? AttachmentName);

/// <summary>One hop: which system had the packet, and when (Vietnam time).</summary>
/// <param name="OrganId">Null when the axis gave none (seen in packets that came back from it).</param>
/// <param name="Timestamp">Whole seconds, at +07:00; null when unreadable.</param>
public sealed record TraceHop(OrganId? OrganId, DateTimeOffset? Timestamp);
