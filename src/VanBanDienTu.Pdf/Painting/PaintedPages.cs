namespace VanBanDienTu.Pdf;

/// <summary>A page that was painted whole, in its user space, with its letters.</summary>
/// <param name="Scan">What lies on it; of damaged content what came before the damage.</param>
/// <param name="Damaged">Its content could not be read to the end.</param>
internal sealed record PaintedPage(PaintScan Scan, bool Damaged);

/// <summary>The pages of a view as they are painted: whoever asks for one again gets the same. No more is kept than one page may hold.</summary>
internal sealed class PaintedPages(PdfView view)
{
    private static readonly PdfRectangle Everywhere = new(-1e6, -1e6, 1e6, 1e6);

    private readonly Dictionary<(PdfDictionary Page, PdfObject Resources), PaintedPage> pages = [];
    private int kept;

    /// <exception cref="PdfException"><see cref="PdfFault.LimitExceeded"/>.</exception>
    public PaintedPage Of(PdfPage page)
    {
        var key = (page.Dictionary, page.Inherited("Resources"));
        if (pages.TryGetValue(key, out var known))
            return known;
        var painted = Paint(page);
        if ((kept += painted.Scan.Parts) > PaintScan.MaxParts)
        {
            pages.Clear();
            kept = painted.Scan.Parts;
        }
        return pages[key] = painted;
    }

    private PaintedPage Paint(PdfPage page)
    {
        var scan = new PaintScan(view) { Letters = [] };
        try
        {
            scan.Page(page, Everywhere);
            return new PaintedPage(scan, Damaged: false);
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return new PaintedPage(scan, Damaged: true);
        }
    }
}
