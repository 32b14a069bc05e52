namespace VanBanDienTu.Pdf;

/// <summary>A trailer, or the dictionary of a cross-reference stream, that belongs to no section of the file.</summary>
/// <param name="Dictionary">What it says.</param>
/// <param name="Offset">Where it stands.</param>
/// <param name="Holder">The header of the last listed object before it, in whose data it may stand.</param>
internal sealed record HiddenTrailer(PdfDictionary Dictionary, long Offset, long Holder);
