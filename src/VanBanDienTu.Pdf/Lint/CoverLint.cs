namespace VanBanDienTu.Pdf.Lint;

/// <summary>Text that the page itself paints over: with the cover gone, the page says something else; and who copies the text reads what nobody sees.</summary>
internal static class CoverLint
{
    private const int MaxPages = 50;
    private const long MaxComparisons = 20_000_000;

    /// <summary>A stray letter under a line means nothing.</summary>
    private const int LeastLetters = 3;

    public static void Look(PdfView view, LintReport report)
    {
        foreach (var page in view.Pages.All.Take(MaxPages))
        {
            try
            {
                if (Covered(view, page) is >= LeastLetters and var letters)
                    report.Add(LintCodes.CoveredText, page.Ref, $"Trang {page.Number} có {letters} ký tự bị hình khác che kín.", $"Page {page.Number} has {letters} letters that something else covers.");
            }
            catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
            {
                // Content that cannot be decoded shows nothing that could be covered.
            }
        }
    }

    private static int Covered(PdfView view, PdfPage page)
    {
        var scan = new PaintScan(view);
        scan.Page(page, new PdfRectangle(-1e6, -1e6, 1e6, 1e6));
        var covers = scan.Areas.Zip(scan.LettersBefore).Where(a => a.Second > 0 && a.First is not PaintedStroke).ToList();
        if (covers.Sum(c => (long)c.Second) > MaxComparisons)
            throw PdfException.Limit("marks on a page");
        var hidden = new HashSet<int>();
        foreach (var (area, before) in covers)
        {
            for (var i = 0; i < before; i++)
            {
                if (!hidden.Contains(i) && scan.Glyphs[i].IsHiddenBy([area]))
                    hidden.Add(i);
            }
        }
        return hidden.Count;
    }
}
