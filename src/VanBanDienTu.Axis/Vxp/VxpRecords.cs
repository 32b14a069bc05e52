namespace VanBanDienTu.Axis.Vxp;

/// <summary>A unit of the axis's directory.</summary>
/// <param name="ParentId">The <paramref name="Id"/> of the unit above it.</param>
/// <param name="Code">Its code today.</param>
/// <param name="OldCode">The code of 13 characters that it had before (<c>oldCode</c>, <c>code102</c>).</param>
/// <param name="Version">Of its entry; rises with every change.</param>
public sealed record VxpAgency(
    string Id, string? ParentId, string Code, string Name, string? Mail = null, string? OldCode = null, long Version = 0, string? CenterCode = null,
    bool Deleted = false, DateTimeOffset? Modified = null, bool IsAgency = true);

/// <summary>A unit that asks to be registered.</summary>
/// <param name="ParentCode">Code of the unit above it.</param>
public sealed record VxpRegistration(string? Id, string? ParentCode, string Code, string Name, string? Mail, string? Mobile, string? Fax);

/// <summary>A packet that waits for its receiver.</summary>
/// <param name="DocId">The axis's id of this packet for this receiver; not the edXML DocumentId.</param>
public sealed record VxpReceived(
    string DocId, VxpMessageType MessageType, string From, string? To, VxpAcknowledgement Status, string? StatusDescription,
    DateTimeOffset? Created, DateTimeOffset? Updated);

/// <summary>What became of a packet that was sent, for one receiver.</summary>
public sealed record VxpSent(
    string SenderDocId, string? ReceiverDocId, string FromCode, string ToCode, string? Title, string? Notation, DateTimeOffset? Sent,
    DateTimeOffset? Received, string? SendStatus, string? SendStatusDescription, string? ReceiveStatus, string? ReceiveStatusDescription);
