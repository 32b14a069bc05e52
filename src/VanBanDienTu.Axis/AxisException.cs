using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Axis;

/// <summary>What went wrong on the axis side: whose fault it is follows from the name.</summary>
public enum AxisFault
{
    /// <summary>The bytes are not well-formed XML.</summary>
    NotXml,

    /// <summary>The XML carries a document type declaration; nobody needs one, and attackers do.</summary>
    DtdForbidden,

    /// <summary>A packet of before 2016 (<c>http://www.e-doc.vn/Schema/</c>): send it again in the format of QCVN 102:2016.</summary>
    OldNamespace,

    /// <summary>Well-formed XML that is not an edXML packet.</summary>
    NotEdxml,

    /// <summary>Too deep, too long or too many; the text names the limit.</summary>
    LimitExceeded,

    /// <summary>A field is missing, malformed or of the wrong type.</summary>
    InvalidContent,

    /// <summary>The manifest names an attachment that the packet does not carry, or the other way round.</summary>
    AttachmentMissing,

    /// <summary>An attachment whose base64 is broken.</summary>
    AttachmentCorrupt,

    /// <summary>The wrapping ZIP of an attachment cannot be opened, or is a bomb.</summary>
    ArchiveRefused,

    /// <summary>Marked Mật, Tối mật or Tuyệt mật: such documents never travel here.</summary>
    SecretDocument,

    /// <summary>An agency code of no known form.</summary>
    BadOrganId,

    /// <summary>A number and notation (số, ký hiệu) that cannot be read.</summary>
    BadNotation,

    /// <summary>The axis answered with an error of its own; the text has its code.</summary>
    PeerRefused,

    /// <summary>What the axis answered is not its protocol: a proxy's page, a cut-off text.</summary>
    PeerUnreadable,
}

/// <summary>Ends a request on the axis side; <see cref="Problems"/> lists everything that is wrong at once.</summary>
public sealed class AxisException : Exception
{
    public AxisException(AxisFault fault, string vi, string en, IReadOnlyList<EdxmlProblem>? problems = null, Exception? cause = null)
        : base(en, cause)
    {
        Fault = fault;
        Vi = vi;
        Problems = problems ?? [];
    }

    /// <summary>The kind of the first error.</summary>
    public AxisFault Fault { get; }

    /// <summary>The sentence for people, in Vietnamese; <see cref="Exception.Message"/> is the English one.</summary>
    public string Vi { get; }

    /// <summary>All problems found, errors and warnings; empty when the fault is not about a packet's content.</summary>
    public IReadOnlyList<EdxmlProblem> Problems { get; }

    /// <summary>One exception for all errors of a list.</summary>
    internal static AxisException For(IReadOnlyList<EdxmlProblem> problems)
    {
        var errors = problems.Where(p => p.IsError).ToList();
        return new AxisException(
            errors[0].Fault,
            string.Join(" ", errors.Select(e => e.Vi)),
            string.Join(" ", errors.Select(e => e.En)),
            problems);
    }
}
