namespace VanBanDienTu.Pdf;

/// <summary>A dictionary that gives a key twice is read differently by different readers, so a revision after a signature must have none.</summary>
internal static class DoubleKeyRule
{
    public static void Check(Difference work)
    {
        var revision = work.After.Revision;
        if (revision.Sections.Any(s => s.Trailer.DuplicateKeys.Count > 0))
            work.RefuseAt("trailer", "Trailer ghi một khoá hai lần.", "The trailer gives a key twice.");
        foreach (var (number, entry) in revision.Entries)
        {
            var name = new PdfRef(number, entry.Generation);
            if (entry.Kind != XrefEntryKind.Free && TwiceIn(work.After.Load(name)) is { } key)
                work.Refuse(ChangeClass.Undefined, name, $"Đối tượng ghi khoá /{key} hai lần.", $"The object gives the key /{key} twice.");
        }
    }

    /// <summary>A key given twice anywhere in the value; its depth was bounded when it was read.</summary>
    private static string? TwiceIn(PdfObject value) => value switch
    {
        PdfStream s => TwiceIn(s.Dictionary),
        PdfArray a => a.Items.Select(TwiceIn).FirstOrDefault(k => k is not null),
        PdfDictionary d => d.DuplicateKeys.Count > 0 ? d.DuplicateKeys[0] : d.Select(e => TwiceIn(e.Value)).FirstOrDefault(k => k is not null),
        _ => null,
    };
}
