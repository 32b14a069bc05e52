namespace VanBanDienTu.Pdf;

/// <summary>Whether two streams hold the same data: the same place, the same encoded bytes, or the same decoded bytes.</summary>
internal static class StreamData
{
    private const int Chunk = 64 << 10;

    public static bool Same(PdfView before, PdfStream a, PdfView after, PdfStream b)
    {
        try
        {
            var (x, y) = (before.DataSpan(a), after.DataSpan(b));
            if (x == y)
                return true;
            if (x.Length == y.Length && SameKey(before, a, b) && SameBytes(before.File.Bytes, x, y) && SameFilters(before, a, after, b))
                return true;
            return before.Decode(a).AsSpan().SequenceEqual(after.Decode(b));
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return false; // what cannot be compared is not the same
        }
    }

    private static bool SameBytes(PdfBytes bytes, PdfSpan x, PdfSpan y)
    {
        for (long at = 0; at < x.Length; at += Chunk)
        {
            var length = (int)Math.Min(Chunk, x.Length - at);
            if (!bytes.Window(x.Start + at, length).Span.SequenceEqual(bytes.Window(y.Start + at, length).Span))
                return false;
        }
        return true;
    }

    /// <summary>In an encrypted file the same bytes in two objects are two different texts.</summary>
    private static bool SameKey(PdfView view, PdfStream a, PdfStream b) => view.File.Store.Cipher is null || a.Name == b.Name;

    private static bool SameFilters(PdfView before, PdfStream a, PdfView after, PdfStream b) =>
        SmallValues.Same(before, a.Dictionary["Filter"], after, b.Dictionary["Filter"]) && SmallValues.Same(before, a.Dictionary["DecodeParms"], after, b.Dictionary["DecodeParms"]);
}
