namespace VanBanDienTu.Pdf;

/// <summary>A place where a reader that follows the cross-reference and one that rebuilds it read the pages or the catalogue differently.</summary>
/// <param name="Signed">The revision that both read, from 1.</param>
/// <param name="Object">The object that they disagree on; null for the trailer.</param>
/// <param name="Offset">Where the other reading stands, in bytes.</param>
/// <param name="Revision">The revision whose bytes hold it.</param>
/// <param name="Vi">The sentence in Vietnamese.</param>
/// <param name="En">The sentence in English.</param>
public sealed record ReadingDifference(int Signed, PdfRef? Object, long? Offset, int Revision, string Vi, string En);
