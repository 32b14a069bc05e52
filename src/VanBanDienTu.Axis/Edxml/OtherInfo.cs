using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>The rest of what a document's header says.</summary>
public sealed record OtherInfo
{
    /// <summary>Urgency as a number; see <see cref="Documents.Urgencies"/>.</summary>
    public int? Priority { get; init; }

    public string? SphereOfPromulgation { get; init; }

    /// <summary>The typist's mark (ký hiệu người đánh máy).</summary>
    public string? TyperNotation { get; init; }

    /// <summary>Number of copies issued.</summary>
    public int? PromulgationAmount { get; init; }

    /// <summary>Number of pages.</summary>
    public int? PageAmount { get; init; }

    public string? ReplyFors { get; init; }

    /// <summary>True for a steering document (văn bản chỉ đạo), as far as is known.</summary>
    public bool? Direction { get; init; }

    public string? ReferenceCodes { get; init; }

    public IReadOnlyList<string> Appendixes { get; init; } = [];
}

/// <summary>The document that a document answers, or that a status is about.</summary>
/// <param name="OrganId">The sender of that document; for status 13, the unit that is asked to give it back.</param>
/// <param name="Code">Number and notation in one text.</param>
/// <param name="DocumentId">Opaque.</param>
/// <param name="PromulgationDate">Its date of issue.</param>
public sealed record ResponseFor(OrganId? OrganId, string? Code, string? DocumentId, DateOnly? PromulgationDate);
