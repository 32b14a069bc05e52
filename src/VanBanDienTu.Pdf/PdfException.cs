namespace VanBanDienTu.Pdf;

/// <summary>Why a PDF cannot be read or written.</summary>
public enum PdfFault
{
    /// <summary>No <c>%PDF-</c> header: not a PDF at all.</summary>
    NotAPdf,

    /// <summary>The file begins as a PDF but its end is missing.</summary>
    Truncated,

    /// <summary>The file is encrypted, and no password was given, or a wrong one, or a password does not open it.</summary>
    Encrypted,

    /// <summary>A bound of <see cref="PdfLimits"/> was passed; the file is hostile or far outside the ordinary.</summary>
    LimitExceeded,

    /// <summary>The structure (cross-references, catalogue, objects) contradicts itself.</summary>
    BadStructure,

    /// <summary>A stream filter that is not supported.</summary>
    UnsupportedFilter,

    /// <summary>What the caller asked to write does not fit this file (no such page, field already signed, …).</summary>
    CannotWrite,

    /// <summary>A font file that is damaged, of another format, or not licensed for embedding.</summary>
    FontUnusable,

    /// <summary>No font was found that has all the letters to be written.</summary>
    NoFont,

    /// <summary>A picture that is no PNG, is damaged, or exceeds the limits.</summary>
    ImageUnusable,
}

/// <summary>The one exception of this library: a fault, a sentence in Vietnamese and English, and where.</summary>
public sealed class PdfException(PdfFault fault, string vi, string en, long? offset = null, PdfRef? target = null)
    : Exception(Where(en, offset, target))
{
    /// <summary>The kind of failure; callers branch on this.</summary>
    public PdfFault Fault { get; } = fault;

    /// <summary>The sentence for people, in Vietnamese.</summary>
    public string Vi { get; } = Where(vi, offset, target);

    /// <summary>The sentence for developers, in English.</summary>
    public string En => Message;

    /// <summary>Where in the file, in bytes from its start, when known.</summary>
    public long? Offset { get; } = offset;

    /// <summary>Which indirect object, when known.</summary>
    public PdfRef? Target { get; } = target;

    private static string Where(string text, long? offset, PdfRef? target) => (offset, target) switch
    {
        (null, null) => text,
        (_, null) => $"{text} (offset {offset})",
        (null, _) => $"{text} (object {target})",
        _ => $"{text} (object {target}, offset {offset})",
    };

    internal static PdfException Bad(string vi, string en, long? offset = null, PdfRef? target = null) =>
        new(PdfFault.BadStructure, vi, en, offset, target);

    internal static PdfException Limit(string what, long? offset = null) =>
        new(PdfFault.LimitExceeded, $"Tệp PDF vượt giới hạn an toàn: {what}.", $"The PDF exceeds a safety limit: {what}.", offset);
}
