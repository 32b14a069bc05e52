namespace VanBanDienTu.Pdf;

/// <summary>An object that stands in the file and that no cross-reference of its own revision lists there.</summary>
/// <param name="Name">What its header calls it.</param>
/// <param name="Entry">Where it stands.</param>
/// <param name="Offset">Of its header, or of the object stream that holds it.</param>
/// <param name="Revision">The revision that its bytes belong to.</param>
/// <param name="ListedFrom">A later revision that lists it after all; else none.</param>
/// <param name="Holder">The header of the last listed object before it, in whose data it may stand.</param>
internal sealed record Stray(PdfRef Name, XrefEntry Entry, long Offset, int Revision, int ListedFrom, long Holder);
