namespace VanBanDienTu.Pdf;

/// <summary>A part of a page that is painted over what lies below.</summary>
/// <param name="Clip">What is left of it after clipping.</param>
internal abstract record PaintedArea(PdfRectangle Clip)
{
    /// <summary>When no more than this of the ground shines through, it is not seen any more.</summary>
    private const double Seen = 0.5;

    /// <summary>How many lines must be looked at to know what it hides.</summary>
    public virtual int Lines => 1;

    /// <summary>How much of what lies below shines through, 0 to 1.</summary>
    public double Glass { get; init; }

    /// <summary>Whether all of them together hide what lies below: panes of glass, one over the other, do.</summary>
    public static bool Hide(IReadOnlyList<PaintedArea> areas, PaintPoint p)
    {
        var left = 1.0;
        for (var i = 0; i < areas.Count && left > Seen; i++)
        {
            if (p.In(areas[i].Clip))
                left *= 1 - areas[i].Covers(p) * (1 - areas[i].Glass);
        }
        return left <= Seen;
    }

    /// <summary>As above, and around the point too: what is thinner than twice the margin strikes a mark through and hides none, but many such lines do.</summary>
    public static bool Hide(IReadOnlyList<PaintedArea> areas, PaintPoint p, double margin) =>
        Hide(areas, p) && Hide(areas, p with { Y = p.Y - margin }) && Hide(areas, p with { Y = p.Y + margin }) && Hide(areas, p with { X = p.X - margin }) && Hide(areas, p with { X = p.X + margin });

    /// <summary>How much of it is there, 0 to 1, whatever it is painted with.</summary>
    protected abstract double Covers(PaintPoint p);
}

/// <summary>The inside of a path (non-zero winding), Bézier curves cut into lines.</summary>
internal sealed record PaintedFill(IReadOnlyList<IReadOnlyList<PaintPoint>> Paths, PdfRectangle Clip) : PaintedArea(Clip)
{
    public override int Lines { get; } = Paths.Sum(p => p.Count);

    protected override double Covers(PaintPoint p)
    {
        var winding = 0;
        foreach (var path in Paths)
        {
            for (var i = 0; i < path.Count; i++)
            {
                var (a, b) = (path[i], path[(i + 1) % path.Count]);
                var left = (b.X - a.X) * (p.Y - a.Y) - (p.X - a.X) * (b.Y - a.Y);
                if (a.Y <= p.Y && b.Y > p.Y && left > 0)
                    winding++;
                else if (a.Y > p.Y && b.Y <= p.Y && left < 0)
                    winding--;
            }
        }
        return winding != 0 ? 1 : 0;
    }
}

/// <summary>Lines of a thickness.</summary>
internal sealed record PaintedStroke(IReadOnlyList<IReadOnlyList<PaintPoint>> Paths, double Width, PdfRectangle Clip) : PaintedArea(Clip)
{
    public override int Lines { get; } = Paths.Sum(p => p.Count);

    protected override double Covers(PaintPoint p) => Paths.Any(path => path.Zip(path.Skip(1)).Any(line => Distance(p, line.First, line.Second) <= Width / 2)) ? 1 : 0;

    private static double Distance(PaintPoint p, PaintPoint a, PaintPoint b)
    {
        var (x, y) = (b.X - a.X, b.Y - a.Y);
        var length = x * x + y * y;
        var t = length == 0 ? 0 : Math.Clamp(((p.X - a.X) * x + (p.Y - a.Y) * y) / length, 0, 1);
        return Math.Sqrt(Math.Pow(p.X - a.X - t * x, 2) + Math.Pow(p.Y - a.Y - t * y, 2));
    }
}

/// <summary>An image, with its mask when it has one: a seal on transparent ground hides little.</summary>
internal sealed record PaintedImage(PaintMatrix Place, ImageMask? Mask, PdfRectangle Clip) : PaintedArea(Clip)
{
    /// <summary>Of an image that only darkens the ground: where it is dark. Null when it hides by itself, or may.</summary>
    public Brightness? Ink { get; init; }

    protected override double Covers(PaintPoint p) => Place.Undo(p) is not { X: >= 0 and <= 1, Y: >= 0 and <= 1 } at || Ink?.IsDark(at.X, 1 - at.Y) == false ? 0 : Mask?.Opacity(at.X, 1 - at.Y) ?? 1;
}

/// <summary>A rectangle of which nothing else is known.</summary>
internal sealed record PaintedBox(PdfRectangle Clip) : PaintedArea(Clip)
{
    protected override double Covers(PaintPoint p) => 1;
}
