namespace VanBanDienTu.Pdf;

/// <summary>The form of a cross-reference section.</summary>
public enum XrefKind
{
    /// <summary>A classic table.</summary>
    Table,

    /// <summary>A cross-reference stream.</summary>
    Stream,

    /// <summary>A table whose trailer names a cross-reference stream for newer readers.</summary>
    Hybrid,

    /// <summary>None that could be read; entries come from a scan of the file.</summary>
    Rebuilt,
}

/// <summary>One cross-reference section of the <c>/Prev</c> chain.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Kind">Its form.</param>
/// <param name="Trailer">Its trailer, or the dictionary of its stream.</param>
/// <param name="Entries">Its own entries.</param>
/// <param name="Hidden">Entries of the stream that a hybrid section names.</param>
/// <param name="BodyEnd">After the trailer dictionary, or after the stream's data.</param>
internal sealed record XrefSection(long Offset, XrefKind Kind, PdfDictionary Trailer, XrefTable Entries, XrefTable? Hidden, long BodyEnd)
{
    public long? Prev { get; init; }

    /// <summary>Where the stream of a hybrid section begins.</summary>
    public long? HiddenOffset { get; init; }

    /// <summary>In a hybrid file the table marks the stream's objects as free, so a stream entry wins over a free slot (ISO 32000-2, 7.5.8.4).</summary>
    public bool TryGet(int number, out XrefEntry entry)
    {
        var listed = Entries.TryGet(number, out entry);
        if (Hidden is null || (listed && entry.Kind != XrefEntryKind.Free))
            return listed;
        if (!Hidden.TryGet(number, out var hidden))
            return listed;
        entry = hidden;
        return true;
    }
}
