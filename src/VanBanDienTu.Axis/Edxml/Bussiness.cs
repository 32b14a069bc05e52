using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>What a packet does to a document.</summary>
public enum BussinessType
{
    /// <summary>Văn bản mới.</summary>
    New = 0,

    /// <summary>Thu hồi: which document is said by the header's DocumentId.</summary>
    Recall = 1,

    /// <summary>Cập nhật: which document is said by <see cref="Bussiness.DocumentId"/>.</summary>
    Update = 2,

    /// <summary>Thay thế: which documents is said by <see cref="Bussiness.Replacements"/>.</summary>
    Replace = 3,
}

/// <summary>The business part of the trace list (the standard spells it so).</summary>
public sealed record Bussiness
{
    public BussinessType Type { get; init; }

    /// <summary>The document that is updated (type 2).</summary>
    public string? DocumentId { get; init; }

    public string? Reason { get; init; }

    /// <summary>Whether a paper copy follows.</summary>
    public bool? Paper { get; init; }

    /// <summary>What an update changes (type 2).</summary>
    public IReadOnlyList<BussinessDocumentInfo> Changes { get; init; } = [];

    /// <summary>What a replacement replaces (type 3).</summary>
    public IReadOnlyList<ReplacementInfo> Replacements { get; init; } = [];

    public StaffInfo? Staff { get; init; }
}

/// <summary>What an update changes. The flags' meaning is not certain, so they are passed through as text.</summary>
public sealed record BussinessDocumentInfo(
    string? DocumentInfo, string? DocumentReceiver, IReadOnlyList<BussinessReceiver> Receivers);

/// <summary>A receiver named by an update; the type is passed through (0 and 1 were seen).</summary>
public sealed record BussinessReceiver(OrganId OrganId, string? ReceiverType);

/// <summary>A replaced document and the units that must replace it.</summary>
public sealed record ReplacementInfo(string DocumentId, IReadOnlyList<OrganId> OrganIds);
