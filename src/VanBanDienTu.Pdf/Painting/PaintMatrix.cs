using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>A transformation of the plane (ISO 32000-2, 8.3.4).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaintMatrix(double A, double B, double C, double D, double E, double F)
{
    public static PaintMatrix Identity { get; } = new(1, 0, 0, 1, 0, 0);

    /// <summary>How long a unit becomes, on the average of both directions.</summary>
    public double Scale => Math.Sqrt(Math.Abs(A * D - B * C));

    public static PaintMatrix Move(double x, double y) => new(1, 0, 0, 1, x, y);

    /// <summary>A matrix of six numbers; the identity when it is none.</summary>
    public static PaintMatrix Of(PdfView view, PdfObject value)
    {
        if (view.Resolve(value) is not PdfArray { Count: 6 } array)
            return Identity;
        var n = array.Items.Select(i => view.Resolve(i) is PdfNumber number ? number.Number : double.NaN).ToArray();
        return n.Any(double.IsNaN) ? Identity : new(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    /// <summary>First this one, then the other.</summary>
    public PaintMatrix Then(PaintMatrix o) =>
        new(A * o.A + B * o.C, A * o.B + B * o.D, C * o.A + D * o.C, C * o.B + D * o.D, E * o.A + F * o.C + o.E, E * o.B + F * o.D + o.F);

    public PaintPoint Apply(double x, double y) => new(A * x + C * y + E, B * x + D * y + F);

    /// <summary>Where a point came from; null when the matrix flattens the plane.</summary>
    public PaintPoint? Undo(PaintPoint p)
    {
        var determinant = A * D - B * C;
        if (Math.Abs(determinant) < 1e-12)
            return null;
        var (x, y) = (p.X - E, p.Y - F);
        return new((D * x - C * y) / determinant, (A * y - B * x) / determinant);
    }

    public PdfRectangle Bounds(PdfRectangle r)
    {
        var (a, b, c, d) = (Apply(r.Left, r.Bottom), Apply(r.Right, r.Bottom), Apply(r.Left, r.Top), Apply(r.Right, r.Top));
        return new(
            Math.Min(Math.Min(a.X, b.X), Math.Min(c.X, d.X)), Math.Min(Math.Min(a.Y, b.Y), Math.Min(c.Y, d.Y)),
            Math.Max(Math.Max(a.X, b.X), Math.Max(c.X, d.X)), Math.Max(Math.Max(a.Y, b.Y), Math.Max(c.Y, d.Y)));
    }
}

/// <summary>A place on a page.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaintPoint(double X, double Y)
{
    public bool In(PdfRectangle r) => X >= r.Left && X <= r.Right && Y >= r.Bottom && Y <= r.Top;
}
