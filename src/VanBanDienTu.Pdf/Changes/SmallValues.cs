namespace VanBanDienTu.Pdf;

/// <summary>Answers at once whether two small values (a field's value, a filter) are the same, through references. Deep or large ones count as different.</summary>
internal static class SmallValues
{
    private const int MaxDepth = 12;
    private const int MaxNodes = 10_000;

    public static bool Same(PdfView before, PdfObject a, PdfView after, PdfObject b)
    {
        var nodes = 0;
        return Same(before, a, after, b, 0, ref nodes);
    }

    private static bool Same(PdfView before, PdfObject a, PdfView after, PdfObject b, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
            return false;
        (a, b) = (before.Resolve(a), after.Resolve(b));
        switch (a, b)
        {
            case (PdfDictionary x, PdfDictionary y):
                foreach (var key in x.Concat(y).Select(e => e.Key).Distinct(StringComparer.Ordinal))
                {
                    if (!Same(before, x[key], after, y[key], depth + 1, ref nodes))
                        return false;
                }
                return true;
            case (PdfArray x, PdfArray y):
                if (x.Count != y.Count)
                    return false;
                for (var i = 0; i < x.Count; i++)
                {
                    if (!Same(before, x[i], after, y[i], depth + 1, ref nodes))
                        return false;
                }
                return true;
            case (PdfStream x, PdfStream y):
                return StreamData.Same(before, x, after, y);
            default:
                return StrictComparer.SameSimple(a, b);
        }
    }
}
