namespace VanBanDienTu.Pdf;

/// <summary>What an annotation's normal appearance puts on its page.</summary>
internal static class AnnotationLook
{
    private const int Hidden = 1 << 1;
    private const int NoView = 1 << 5;

    /// <summary>All appearance states together, in the rectangle of the annotation; nothing when it is hidden.</summary>
    public static PaintScan Of(PdfView view, PdfDictionary annotation)
    {
        var scan = new PaintScan(view);
        var hidden = view.Get(annotation, "F") is PdfInteger flags && (flags.Value & (Hidden | NoView)) != 0;
        if (hidden || SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is not { Width: > 0, Height: > 0 } rect || view.Get(annotation, "AP") is not PdfDictionary looks)
            return scan;
        var states = view.Get(looks, "N") switch
        {
            PdfStream one => [one],
            PdfDictionary many => many.Select(e => view.Resolve(e.Value)).OfType<PdfStream>(),
            _ => Enumerable.Empty<PdfStream>(),
        };
        foreach (var look in states)
            scan.Look(look, rect);
        return scan;
    }
}
