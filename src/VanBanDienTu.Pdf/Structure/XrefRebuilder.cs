namespace VanBanDienTu.Pdf;

/// <summary>Rebuilds the cross-reference of a broken file: every <c>N G obj</c> in order, later ones winning, then the objects of its object streams.</summary>
internal static class XrefRebuilder
{
    private const int WindowSize = 256 << 10;
    private const int Overlap = 64;

    /// <summary>The one section that the scan yields, or null when there is no catalogue to be found.</summary>
    public static XrefSection? Scan(PdfFile file)
    {
        var found = new Dictionary<int, XrefEntry>();
        var trailer = PdfDictionary.Empty;
        foreach (var (offset, isTrailer) in Landmarks(file.Bytes, 0, file.Bytes.Length))
        {
            file.Budget.Step();
            if (isTrailer)
            {
                if (file.Reader.ReadValue(offset) is { Value: PdfDictionary candidate } && candidate.Has("Root"))
                    trailer = Merge(trailer, candidate);
            }
            else if (file.Reader.ReadIndirect(offset) is { } item)
            {
                found[item.Ref.Number] = new XrefEntry(XrefEntryKind.Offset, item.Start, item.Ref.Generation);
                if (item.Value is PdfStream { Dictionary: var dictionary } stream)
                {
                    if (dictionary["Type"] is PdfName { Value: "XRef" } && dictionary.Has("Root"))
                        trailer = Merge(trailer, dictionary);
                    else if (dictionary["Type"] is PdfName { Value: "ObjStm" })
                        AddHeld(file, item.Ref.Number, stream, found);
                }
                else if (item.Value is PdfDictionary catalog && catalog["Type"] is PdfName { Value: "Catalog" } && !trailer.Has("Root"))
                    trailer = trailer.With("Root", new PdfReference(item.Ref));
                if (found.Count > file.Limits.MaxXrefEntries)
                    throw PdfException.Limit($"{file.Limits.MaxXrefEntries} cross-reference entries", offset);
            }
        }
        if (!trailer.Has("Root"))
            return null;
        var table = new XrefTable();
        foreach (var (number, entry) in found.OrderBy(e => e.Key))
            table.Add(number, entry);
        table.Seal();
        return new XrefSection(0, XrefKind.Rebuilt, trailer, table, Hidden: null, file.Bytes.Length);
    }

    private static PdfDictionary Merge(PdfDictionary earlier, PdfDictionary later) =>
        new(earlier.Concat(later).Where(e => e.Key is "Root" or "Info" or "ID" or "Encrypt" or "Size"));

    /// <summary>An object stream defines its objects again; the length of a stream is not trusted in a broken file.</summary>
    private static void AddHeld(PdfFile file, int container, PdfStream stream, Dictionary<int, XrefEntry> found)
    {
        try
        {
            var cursor = new ByteCursor(file.Bytes, stream.DataOffset);
            if (!cursor.Find("endstream"u8, file.Limits.MaxDecodedBytes))
                return;
            var raw = file.Bytes.Window(stream.DataOffset, (int)(cursor.Position - stream.DataOffset));
            var data = StreamDecoding.Decode(stream.Dictionary, raw, file.Limits.MaxDecodedBytes, o => o, file.Budget);
            if (ObjectStream.Read(stream.Dictionary, data, file.Limits) is not { } held)
                return;
            for (var i = 0; i < held.Numbers.Count; i++)
                found[held.Numbers[i]] = new XrefEntry(XrefEntryKind.Compressed, container, i);
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            // What cannot be decoded defines nothing.
        }
    }

    /// <summary>Offsets of object headers, and of what follows each <c>trailer</c>, in the order of the file.</summary>
    internal static IEnumerable<(long Offset, bool IsTrailer)> Landmarks(PdfBytes bytes, long from, long to)
    {
        for (var start = from; start < to; start += WindowSize - Overlap)
        {
            var window = bytes.Window(start, (int)Math.Min(WindowSize, to - start));
            var last = start + window.Length >= to;
            for (var at = 0; at < window.Length;)
            {
                var (hit, isTrailer) = Next(window.Span[at..]);
                if (hit < 0)
                    break;
                at += hit;
                if (at >= WindowSize - Overlap / 2 && !last)
                    break; // the next window sees it whole
                if (isTrailer)
                    yield return (start + at + "trailer".Length, true);
                else if (HeaderBefore(window.Span, at) is { } header && (header >= Overlap / 2 || start == from))
                    yield return (start + header, false);
                at += 3;
            }
            if (last)
                yield break;
        }
    }

    private static (int At, bool IsTrailer) Next(ReadOnlySpan<byte> span)
    {
        var (item, trailer) = (span.IndexOf("obj"u8), span.IndexOf("trailer"u8));
        return trailer >= 0 && (item < 0 || trailer < item) ? (trailer, true) : (item, false);
    }

    /// <summary>Where <c>N G</c> begins before the <c>obj</c> at <paramref name="at"/>; null when it is no header (<c>endobj</c>).</summary>
    private static int? HeaderBefore(ReadOnlySpan<byte> span, int at)
    {
        var i = SkipBack(span, at, PdfChars.IsSpace);
        if (i == at)
            return null;
        var generation = SkipBack(span, i, PdfChars.IsDigit);
        var gap = SkipBack(span, generation, PdfChars.IsSpace);
        var number = SkipBack(span, gap, PdfChars.IsDigit);
        return generation == i || gap == generation || number == gap ? null : number;
    }

    private static int SkipBack(ReadOnlySpan<byte> span, int from, Func<byte, bool> wanted)
    {
        while (from > 0 && wanted(span[from - 1]))
            from--;
        return from;
    }
}
