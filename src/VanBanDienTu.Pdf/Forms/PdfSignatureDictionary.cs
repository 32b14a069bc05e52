namespace VanBanDienTu.Pdf;

/// <summary>A signature dictionary (ISO 32000-2, 12.8.1) as the newest revision of a view reads it.</summary>
/// <param name="Dictionary">The dictionary itself.</param>
/// <param name="Filter">The handler, e.g. <c>Adobe.PPKLite</c>.</param>
/// <param name="SubFilter">The form of the value, e.g. <c>ETSI.CAdES.detached</c>, <c>ETSI.RFC3161</c>.</param>
/// <param name="ByteRange">As written; empty when absent or not an array of integers.</param>
/// <param name="ContentsSpan">From the <c>&lt;</c> to after the <c>&gt;</c> of this dictionary's /Contents in the file; null when it is missing,
/// indirect, a literal string, or inside an object stream.</param>
/// <param name="Contents">The decoded bytes with their padding; empty when there are none.</param>
/// <param name="Revision">The revision whose bytes hold the dictionary, from 1.</param>
public sealed record PdfSignatureDictionary(
    PdfDictionary Dictionary, string? Filter, string? SubFilter, IReadOnlyList<long> ByteRange, PdfSpan? ContentsSpan, ReadOnlyMemory<byte> Contents, int Revision)
{
    /// <summary>/Reason.</summary>
    public string? Reason { get; init; }

    /// <summary>/Location.</summary>
    public string? Location { get; init; }

    /// <summary>/ContactInfo.</summary>
    public string? ContactInfo { get; init; }

    /// <summary>/Name: who the file says signed. Not authenticated.</summary>
    public string? Name { get; init; }

    /// <summary>/M as written: the time that the signer claims.</summary>
    public string? ModifiedAt { get; init; }

    /// <summary>The bytes of <c>/Cert</c> (adbe.x509.rsa_sha1), DER, signer first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>The DocMDP level (1–3) of a certification signature (chữ ký chứng thực); null when it is none.</summary>
    public int? DocMdp { get; init; }

    /// <summary>The FieldMDP rule that the signature sets; null when none.</summary>
    public PdfFieldLock? FieldMdp { get; init; }

    /// <summary>A document timestamp, by /SubFilter or /Type.</summary>
    public bool IsTimestamp => SubFilter == "ETSI.RFC3161" || Dictionary["Type"] is PdfName { Value: "DocTimeStamp" };

    /// <summary>The DER or BER of <see cref="Contents"/> without the zero padding, by the length of its outer SEQUENCE; all of it when it has none.</summary>
    public ReadOnlyMemory<byte> Cms => DerLength.Of(Contents.Span) is { } length ? Contents[..length] : Contents;
}

/// <summary>Which fields a signature locks: /All, /Include or /Exclude with field names.</summary>
/// <param name="Action"><c>All</c>, <c>Include</c> or <c>Exclude</c>.</param>
/// <param name="Fields">Full field names; a name stands for its children too.</param>
public sealed record PdfFieldLock(string Action, IReadOnlyList<string> Fields)
{
    /// <summary>The DocMDP level that the lock adds (ISO 32000-2, table 236), or null.</summary>
    public int? Permissions { get; init; }

    /// <summary>Whether the field of that full name is locked.</summary>
    public bool Covers(string field)
    {
        var listed = Fields.Any(f => field == f || field.StartsWith(f + ".", StringComparison.Ordinal));
        return Action switch
        {
            "Include" => listed,
            "Exclude" => !listed,
            _ => true, // All, and what we do not know: locked
        };
    }
}
