namespace VanBanDienTu.Pdf.Lint;

/// <summary>Text that the page itself paints over: with the cover gone, the page says something else; and who copies the text reads what nobody sees.</summary>
internal static class CoverLint
{
    private const int MaxPages = 50;
    private const long MaxComparisons = 20_000_000;

    /// <summary>Thinner than this, in points, it is a line: it strikes letters out and hides none.</summary>
    private const double Thin = 3;

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
                // As with content that is damaged.
            }
        }
    }

    private static int Covered(PdfView view, PdfPage page)
    {
        var (scan, damaged) = view.Painted.Of(page);
        if (damaged)
            return 0; // content that cannot be decoded shows nothing that could be covered
        var covers = scan.Areas.Zip(scan.LettersBefore).Where(a => a.Second > 0 && a.First is not PaintedStroke).ToList();
        if (covers.Sum(c => (long)c.Second) > MaxComparisons)
            throw PdfException.Limit("marks on a page");
        var hidden = new HashSet<int>();
        foreach (var (area, before) in covers)
        {
            var bounds = Bounds(area);
            if (bounds.Width < Thin || bounds.Height < Thin)
                continue;
            PaintedArea[] one = [area];
            for (var i = 0; i < before; i++)
            {
                var letter = scan.Glyphs[i];
                if (Meets(letter.Box, bounds) && letter.IsHiddenBy(one))
                    hidden.Add(i);
            }
        }
        return hidden.Count;
    }

    private static bool Meets(PdfRectangle a, PdfRectangle b) => a.Left < b.Right && b.Left < a.Right && a.Bottom < b.Top && b.Bottom < a.Top;

    private static PdfRectangle Bounds(PaintedArea area) => area switch
    {
        PaintedFill { Paths: var paths } when paths.Any(p => p.Count > 0) => PaintScan.Meet(area.Clip, new PdfRectangle(
            paths.SelectMany(p => p).Min(p => p.X), paths.SelectMany(p => p).Min(p => p.Y), paths.SelectMany(p => p).Max(p => p.X), paths.SelectMany(p => p).Max(p => p.Y))),
        PaintedImage { Place: var place } => PaintScan.Meet(area.Clip, place.Bounds(new PdfRectangle(0, 0, 1, 1))),
        _ => area.Clip,
    };
}
