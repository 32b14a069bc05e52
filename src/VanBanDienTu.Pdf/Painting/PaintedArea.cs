namespace VanBanDienTu.Pdf;

/// <summary>A part of a page through which nothing below is seen any more.</summary>
/// <param name="Clip">What is left of it after clipping.</param>
internal abstract record PaintedArea(PdfRectangle Clip)
{
    /// <summary>How many lines must be looked at to know what it hides.</summary>
    public virtual int Lines => 1;

    /// <summary>Whether it hides what is painted there.</summary>
    public bool Hides(PaintPoint p) => p.In(Clip) && Holds(p);

    protected abstract bool Holds(PaintPoint p);
}

/// <summary>The inside of a path (non-zero winding), Bézier curves cut into lines.</summary>
internal sealed record PaintedFill(IReadOnlyList<IReadOnlyList<PaintPoint>> Paths, PdfRectangle Clip) : PaintedArea(Clip)
{
    public override int Lines { get; } = Paths.Sum(p => p.Count);

    protected override bool Holds(PaintPoint p)
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
        return winding != 0;
    }
}

/// <summary>Lines of a thickness.</summary>
internal sealed record PaintedStroke(IReadOnlyList<IReadOnlyList<PaintPoint>> Paths, double Width, PdfRectangle Clip) : PaintedArea(Clip)
{
    public override int Lines { get; } = Paths.Sum(p => p.Count);

    protected override bool Holds(PaintPoint p) => Paths.Any(path => path.Zip(path.Skip(1)).Any(line => Distance(p, line.First, line.Second) <= Width / 2));

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
    protected override bool Holds(PaintPoint p) => Place.Undo(p) is { X: >= 0 and <= 1, Y: >= 0 and <= 1 } at && (Mask is null || Mask.IsOpaque(at.X, 1 - at.Y));
}

/// <summary>A rectangle of which nothing else is known.</summary>
internal sealed record PaintedBox(PdfRectangle Clip) : PaintedArea(Clip)
{
    protected override bool Holds(PaintPoint p) => true;
}
