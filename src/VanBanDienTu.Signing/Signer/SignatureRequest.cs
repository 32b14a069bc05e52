using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Issue;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Lint;

namespace VanBanDienTu.Signing;

/// <summary>Whose hand signs, by Nghị định 30/2020; it decides the look and the place of a visible signature.</summary>
public enum SignatureRole
{
    /// <summary>The competent person (người có thẩm quyền).</summary>
    Personal,

    /// <summary>The organisation (cơ quan, tổ chức).</summary>
    Organization,

    /// <summary>The organisation, on an annex in a file of its own (văn bản kèm theo).</summary>
    Annex,

    /// <summary>The organisation, on an electronic copy (sao y, trích sao, sao lục).</summary>
    Copy,

    /// <summary>No appearance at all.</summary>
    Invisible,
}

/// <summary>How one signature is to be made. All of it may be left as it is: an invisible PAdES B-B signature with SHA-256.</summary>
public sealed record SignatureRequest
{
    /// <summary>An existing empty signature field, or the name of a new one; null for a new one with a free name.</summary>
    public string? FieldName { get; init; }

    /// <summary>The page of a visible signature, from 1; null for the first, or for the one on which its place is found.</summary>
    public int? Page { get; init; }

    /// <summary>Where it is shown: points from the lower left corner of the page as it is shown. Null leaves it to the appearance.</summary>
    public PdfRectangle? Rect { get; init; }

    /// <summary>What is seen. Without a rectangle, a picture, an anchor or a visible field, persons and organisations sign invisibly.</summary>
    public SignatureAppearance Appearance { get; init; } = new();

    public SignatureRole Role { get; init; } = SignatureRole.Personal;

    /// <summary>From B-T on a timestamp authority is needed, from B-LT on trust anchors too.</summary>
    public BaselineLevel Level { get; init; } = BaselineLevel.Basic;

    /// <summary>SHA-256, SHA-384 or SHA-512.</summary>
    public HashAlgorithmName Digest { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>For RSA keys only.</summary>
    public SignaturePadding Padding { get; init; } = SignaturePadding.Pkcs1;

    public string? Reason { get; init; }

    public string? Location { get; init; }

    public string? ContactInfo { get; init; }

    /// <summary>Certifies the document (chữ ký chứng thực), as the first signature only: 1 permits no change after it, 2 filling of forms and further
    /// signatures, 3 annotations too. Null for an ordinary signature.</summary>
    public int? Certify { get; init; }

    /// <summary>The form fields that nobody may change after this signature; null for none, or for what an existing field says itself.</summary>
    public PdfFieldLock? Lock { get; init; }

    /// <summary>Number, notation and date that are filled in with this signature; null for none.</summary>
    public IssueDetails? Issue { get; init; }

    /// <summary>Empty fields made with this signature, which must be the first, for what comes after it.</summary>
    public IReadOnlyList<ReservedField> Reserved { get; init; } = [];

    /// <summary>Looks through the document before it is signed, and refuses or warns; null when that was done already.</summary>
    public LintPolicy? Lint { get; init; }

    /// <summary>Opens an encrypted input; the output stays encrypted as it was. Null for none, or an empty user's password.</summary>
    public PdfPassword? Password { get; init; }

    /// <summary>Room for a timestamp token, when it must be as it was laid out before; null for what is usual.</summary>
    internal int? TokenRoom { get; init; }

    /// <summary>The claimed time (/M); null for now.</summary>
    public DateTimeOffset? Time { get; init; }
}
