namespace VanBanDienTu.Pdf;

/// <summary>What an annotation puts on its page: by its appearances, or as readers draw one that has none.</summary>
internal static class AnnotationLook
{
    private const int Hidden = 1 << 1;
    private const int Print = 1 << 2;
    private const int NoView = 1 << 5;
    private static readonly PdfRectangle Anywhere = new(-1e6, -1e6, 1e6, 1e6);

    /// <summary>All appearances and states together (also those under the mouse), in the rectangle of the annotation; nothing when it is hidden on screen and paper.</summary>
    /// <param name="letters">Every character is wanted, too.</param>
    public static PaintScan Of(PdfView view, PdfDictionary annotation, bool letters = false)
    {
        var scan = new PaintScan(view) { Letters = letters ? [] : null };
        var flags = view.Get(annotation, "F") is PdfInteger f ? f.Value : 0;
        if ((flags & Hidden) != 0 || (flags & (NoView | Print)) == NoView )
            return scan;
        var looks = All(view, annotation);
        if (SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is not { } rect)
        {
            if (looks.Count > 0 && annotation.Has("Rect"))
                scan.Areas.Add(new PaintedBox(Anywhere)); // each reader makes of it what it can
            return scan;
        }
        if (looks.Count == 0)
            scan.Areas.AddRange(DrawnByReaders.Of(view, annotation, rect));
        else if (rect is { Width: > 0, Height: > 0 })
            looks.ForEach(look => scan.Look(look, rect));
        return scan;
    }

    /// <summary>What everybody saw of it for certain: the plain areas of the one appearance that was shown. It must not be more than was there.</summary>
    public static List<PaintedArea> Surely(PdfView view, PdfDictionary annotation)
    {
        if (!annotation.Has("AP"))
            return Of(view, annotation).Areas;
        var scan = new PaintScan(view) { Surely = true };
        var flags = view.Get(annotation, "F") is PdfInteger f ? f.Value : 0;
        if ((flags & (Hidden | NoView)) == 0 && !annotation.Has("OC") && SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is { Width: > 0, Height: > 0 } rect && Shown(view, annotation) is { } look && !look.Dictionary.Has("OC"))
            scan.Look(look, rect);
        return scan.Areas;
    }

    /// <summary>What the one appearance that was shown may have hidden; nothing without one.</summary>
    public static List<PaintedArea> Shown(PdfView view, PdfDictionary annotation, PdfRectangle rect)
    {
        var scan = new PaintScan(view);
        if (rect is { Width: > 0, Height: > 0 } && Shown(view, annotation) is { } look)
            scan.Look(look, rect);
        return scan.Areas;
    }

    private static PdfStream? Shown(PdfView view, PdfDictionary annotation) => view.Get(annotation, "AP") is not PdfDictionary looks ? null : view.Get(looks, "N") switch
    {
        PdfStream one => one,
        PdfDictionary states when view.Get(annotation, "AS") is PdfName { Value: var state } => view.Get(states, state) as PdfStream,
        _ => null,
    };

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
