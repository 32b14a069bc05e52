namespace VanBanDienTu.Pdf;

/// <summary>The path being built, in page space, and the operators that build, fill, stroke and clip by it (ISO 32000-2, 8.5).</summary>
internal sealed class PaintPath
{
    private const int CurveParts = 8;
    private const int MaxPoints = 100_000;

    private List<List<PaintPoint>> paths = [];
    private int points;
    private PaintPoint pen; // in user space
    private bool clips;

    /// <returns>The state after the operator; null when it is none of a path.</returns>
    public PaintState? Apply(string name, double[] n, PaintState state, Action<PaintState, PaintedArea> paint)
    {
        switch (name, n.Length)
        {
            case ("m", 2):
                paths.Add([]);
                To(state, new(n[0], n[1]));
                return state;
            case ("l", 2):
                To(state, new(n[0], n[1]));
                return state;
            case ("c", 6):
                Curve(state, new(n[0], n[1]), new(n[2], n[3]), new(n[4], n[5]));
                return state;
            case ("v", 4):
                Curve(state, pen, new(n[0], n[1]), new(n[2], n[3]));
                return state;
            case ("y", 4):
                Curve(state, new(n[0], n[1]), new(n[2], n[3]), new(n[2], n[3]));
                return state;
            case ("re", 4):
                paths.Add([]);
                foreach (var (x, y) in new[] { (0, 0), (1, 0), (1, 1), (0, 1), (0, 0) })
                    To(state, new(n[0] + x * n[2], n[1] + y * n[3]));
                return state;
            case ("h", _):
                if (paths is [.., [var first, ..]])
                    paths[^1].Add(first);
                return state;
            case ("W" or "W*", _):
                clips = true;
                return state;
            case ("f" or "F" or "f*" or "B" or "B*" or "b" or "b*" or "S" or "s" or "n", _):
                return End(name, state, paint);
            default:
                return null;
        }
    }

    private PaintState End(string name, PaintState state, Action<PaintState, PaintedArea> paint)
    {
        var bounds = Bounds();
        if (bounds is { } box && name[0] is 'f' or 'F' or 'B' or 'b')
            paint(name.EndsWith('*') ? state with { Doubtful = true } : state, new PaintedFill(paths, PaintScan.Meet(state.Clip, box)));
        var width = state.LineWidth * state.Place.Scale;
        if (bounds is { } lines && name[0] is 'S' or 's' or 'B' or 'b')
            paint(state, new PaintedStroke(paths, width, PaintScan.Meet(state.Clip, new(lines.Left - width, lines.Bottom - width, lines.Right + width, lines.Top + width))));
        if (clips)
            state = state with { Clip = bounds is { } clip ? PaintScan.Meet(state.Clip, clip) : default, Doubtful = state.Doubtful || !IsRectangle(bounds) };
        (paths, points, clips) = ([], 0, false);
        return state;
    }

    private bool IsRectangle(PdfRectangle? bounds) =>
        bounds is { } b && paths is [{ Count: 4 or 5 } only] && only.TrueForAll(p => (p.X == b.Left || p.X == b.Right) && (p.Y == b.Bottom || p.Y == b.Top));

    private PdfRectangle? Bounds()
    {
        var all = paths.SelectMany(p => p).ToList();
        return all.Count == 0 ? null : new(all.Min(p => p.X), all.Min(p => p.Y), all.Max(p => p.X), all.Max(p => p.Y));
    }

    private void To(PaintState state, PaintPoint p)
    {
        if (++points > MaxPoints)
            throw PdfException.Limit($"{MaxPoints} points in a path");
        if (paths.Count == 0)
            paths.Add([]);
        pen = p;
        paths[^1].Add(state.Place.Apply(p.X, p.Y));
    }

    private void Curve(PaintState state, PaintPoint b, PaintPoint c, PaintPoint d)
    {
        var a = pen;
        for (var i = 1; i <= CurveParts; i++)
        {
            var (t, s) = (i / (double)CurveParts, 1 - i / (double)CurveParts);
            To(state, new(s * s * s * a.X + 3 * s * s * t * b.X + 3 * s * t * t * c.X + t * t * t * d.X, s * s * s * a.Y + 3 * s * s * t * b.Y + 3 * s * t * t * c.Y + t * t * t * d.Y));
        }
    }
}
