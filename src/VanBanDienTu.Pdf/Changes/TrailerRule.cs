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
            if (Layout.Contains(key))
                continue;
            var was = Earlier(work, key);
            if (key != "AdditionalStreams" || !(IsDangling(work.Before, was) || IsDangling(work.After, value)))
                work.Strict.Add(was, value, null, $"trailer/{key}");
        }
    }

    /// <summary>The entry of the latest trailer that has it: some programs drop what they do not know, others merge all trailers of the file.</summary>
    private static PdfObject Earlier(Difference work, string key)
    {
        for (var i = work.Before.Revision.Index - 1; i >= 0; i--)
        {
            if (work.Before.File.Revisions[i].Trailer.Has(key))
                return work.Before.File.Revisions[i].Trailer[key];
        }
        return PdfNull.Instance;
    }

    /// <summary>
    /// LibreOffice names the embedded source of a document here; PDFBox copies the entry into its updates but not the object, whose number then goes to
    /// whatever is added next. While there is no such stream, the entry says nothing.
    /// </summary>
    private static bool IsDangling(PdfView view, PdfObject value) =>
        view.Resolve(value) is PdfArray items && items.Items.All(i => view.Resolve(i) is not PdfStream);

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
