namespace VanBanDienTu.Pdf;

/// <summary>Compares one revision with the one before it.</summary>
internal static class RevisionDiffer
{
    public static IReadOnlyList<RevisionChange> Compare(PdfView before, PdfView after) =>
        [.. after.Revision.Entries.Where(e => before.Locate(e.Key) != after.Locate(e.Key)).Select(e => new RevisionChange(
            after.Revision.Index, ChangeClass.Undefined, new PdfRef(e.Key, e.Value.Generation).ToString(), Allowed: false,
            "Đối tượng bị thay đổi.", "The object was changed."))];
}
