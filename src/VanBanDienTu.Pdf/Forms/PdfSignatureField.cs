namespace VanBanDienTu.Pdf;

/// <summary>A signature field (trường chữ ký) of a form, signed or empty.</summary>
/// <param name="Name">Full name: the partial names from the root joined by dots.</param>
/// <param name="Field">The field's object; null when it is a direct object.</param>
/// <param name="FieldDictionary">The field's dictionary.</param>
/// <param name="Value">The object of its signature dictionary; null when empty or direct.</param>
/// <param name="Signature">Its signature dictionary; null when the field is empty.</param>
public sealed record PdfSignatureField(string Name, PdfRef? Field, PdfDictionary FieldDictionary, PdfRef? Value, PdfSignatureDictionary? Signature)
{
    /// <summary>The page its widget is on, from 1; null when no page shows it.</summary>
    public int? Page { get; init; }

    /// <summary>The object of that page.</summary>
    public PdfRef? PageRef { get; init; }

    /// <summary>The rectangle of its first widget.</summary>
    public PdfRectangle? Rect { get; init; }

    /// <summary>A page shows it: its rectangle has an area and it is not hidden.</summary>
    public bool Visible { get; init; }

    /// <summary>/Lock: what a signature in this field will lock.</summary>
    public PdfFieldLock? Lock { get; init; }

    /// <summary>/SV: what a signature in this field must be like.</summary>
    public PdfDictionary? SeedValue { get; init; }
}
