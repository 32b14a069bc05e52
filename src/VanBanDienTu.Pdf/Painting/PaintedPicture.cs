namespace VanBanDienTu.Pdf;

/// <summary>An image that a page shows, such as a scanned sheet: its letters are pixels, so what hides them can only be known from those.</summary>
/// <param name="Image">Null for one that stands in the content itself.</param>
/// <param name="Place">From the unit square to the page.</param>
/// <param name="Clip">What is seen of it.</param>
internal sealed record PaintedPicture(PdfStream? Image, PaintMatrix Place, PdfRectangle Clip)
{
    private const int MostSamples = 20_000;
    private const double FinestStep = 1; // a 72nd of an inch: a stroke of a small letter
    private const int AreasInAStep = 16;
    private const int LeastMarks = 8;
    private const double LeastShare = 0.01;
    private const double Frame = 0.25; // of the room that the look takes: less is a frame, or letters

    /// <summary>Whether something that differs from the paper is hidden; of pixels that cannot be read, whether much is.</summary>
    /// <param name="view">The revision that shows it.</param>
    /// <param name="areas">What lies over it now.</param>
    /// <param name="known">What lay over it when it was signed.</param>
    public bool LosesMarks(PdfView view, IReadOnlyList<PaintedArea> areas, IReadOnlyList<PaintedArea> known)
    {
        var hidden = Hidden(view, areas, known, out var size);
        if (hidden.Count == 0)
            return false;
        if (Image is null || Brightness.Of(view, Image) is not { } brightness)
            return size > Frame * (areas.Max(a => a.Clip.Right) - areas.Min(a => a.Clip.Left)) * (areas.Max(a => a.Clip.Top) - areas.Min(a => a.Clip.Bottom));
        var marks = hidden.Count(p => brightness.IsMark(p.X, 1 - p.Y));
        return marks >= LeastMarks && marks >= LeastShare * hidden.Count;
    }

    /// <summary>Samples of what is hidden, in the unit square, and how much of the page they stand for.</summary>
    private List<PaintPoint> Hidden(PdfView view, IReadOnlyList<PaintedArea> areas, IReadOnlyList<PaintedArea> known, out double size)
    {
        var hidden = new List<PaintPoint>();
        size = 0;
        for (var i = 0; i < areas.Count; i++)
        {
            if (PaintScan.Meet(areas[i].Clip, Clip) is not { Width: > 0, Height: > 0 } box)
                continue;
            var (over, before) = (Near(areas, box), Near(areas.Take(i), box));
            var step = Math.Max(FinestStep, Math.Sqrt(box.Width * box.Height / MostSamples));
            for (var y = box.Bottom + step / 2; y < box.Top; y += step)
            {
                for (var cost = over.Count; cost >= 0; cost -= AreasInAStep)
                    view.File.Budget.Step();
                for (var x = box.Left + step / 2; x < box.Right; x += step)
                {
                    var p = new PaintPoint(x, y);
                    if (before.Exists(a => p.In(a.Clip)) || Place.Undo(p) is not { X: >= 0 and <= 1, Y: >= 0 and <= 1 } at || !PaintedArea.Hide(over, p, PaintedGlyph.PenWidth / 2) || PaintedArea.Hide(known, p))
                        continue;
                    hidden.Add(at);
                    size += step * step;
                }
            }
        }
        return hidden;
    }

    private static List<PaintedArea> Near(IEnumerable<PaintedArea> areas, PdfRectangle box) => [.. areas.Where(a => PaintScan.Meet(a.Clip, box) is { Width: >= 0, Height: >= 0 })];
}
