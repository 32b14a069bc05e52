namespace VanBanDienTu.Pdf;

/// <summary>What a trailer may change: where things stand, the file identifier, the document information.</summary>
internal static class TrailerRule
{
    private static readonly HashSet<string> Layout = new(StringComparer.Ordinal)
        { "Size", "Prev", "XRefStm", "W", "Index", "Type", "Filter", "DecodeParms", "Length", "ID", "Root", "Info" };

    public static void Compare(Difference work)
    {
        var (a, b) = (work.Before.Trailer, work.After.Trailer);
        Info(work, a["Info"], b["Info"]);
        foreach (var (key, value) in b)
        {
            if (!Layout.Contains(key))
                work.Strict.Add(a[key], value, null, $"trailer/{key}");
        }
    }

    /// <summary>Document information: titles and dates, not seen on any page.</summary>
    private static void Info(Difference work, PdfObject before, PdfObject after)
    {
        if (SmallValues.Same(work.Before, before, work.After, after))
            return;
        if (work.After.Resolve(after) is not (PdfDictionary or PdfNull))
            work.RefuseAt("trailer/Info", "Thông tin tài liệu không hợp lệ.", "The document information is no dictionary.");
        else
            work.Allow(ChangeClass.Metadata, (after as PdfReference)?.Target, "Thông tin tài liệu (Info) được cập nhật.", "The document information was updated.");
    }
}
