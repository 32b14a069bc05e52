namespace VanBanDienTu.Pdf;

/// <summary>What an annotation puts on its page: by its appearances, or as readers draw one that has none.</summary>
internal static class AnnotationLook
{
    private const int Hidden = 1 << 1;
    private const int Print = 1 << 2;
    private const int NoView = 1 << 5;

    /// <summary>All appearances and states together (also those under the mouse), in the rectangle of the annotation; nothing when it is hidden on screen and paper.</summary>
    /// <param name="letters">Every character is wanted, too.</param>
    public static PaintScan Of(PdfView view, PdfDictionary annotation, bool letters = false)
    {
        var scan = new PaintScan(view) { Letters = letters ? [] : null };
        var flags = view.Get(annotation, "F") is PdfInteger f ? f.Value : 0;
        if ((flags & Hidden) != 0 || (flags & (NoView | Print)) == NoView || SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is not { } rect)
            return scan;
        var looks = All(view, annotation);
        if (looks.Count == 0)
            scan.Areas.AddRange(DrawnByReaders.Of(view, annotation, rect));
        else if (rect is { Width: > 0, Height: > 0 })
            looks.ForEach(look => scan.Look(look, rect));
        return scan;
    }

    /// <summary>Whether anybody sees anything of it, or may.</summary>
    public static bool Shows(PdfView view, PdfDictionary annotation)
    {
        try
        {
            var scan = Of(view, annotation);
            return scan.SaysSomething || scan.Areas.Count > 0;
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return true;
        }
    }

    /// <summary>Every appearance that is there; without one readers draw what they think fit.</summary>
    public static List<PdfStream> All(PdfView view, PdfDictionary annotation) =>
        view.Get(annotation, "AP") is PdfDictionary looks ? [.. looks.SelectMany(e => States(view, e.Value)).Distinct()] : [];

    private static IEnumerable<PdfStream> States(PdfView view, PdfObject look) => view.Resolve(look) switch
    {
        PdfStream one => [one],
        PdfDictionary many => many.Select(e => view.Resolve(e.Value)).OfType<PdfStream>(),
        _ => [],
    };
}
