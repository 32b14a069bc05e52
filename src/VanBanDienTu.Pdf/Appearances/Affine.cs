using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>An affine map of the plane, as PDF writes it: [a b c d e f] (ISO 32000-2, 8.3.3).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Affine(double A, double B, double C, double D, double E, double F)
{
    public static Affine Identity { get; } = new(1, 0, 0, 1, 0, 0);

    /// <summary>This map first, <paramref name="next"/> after it.</summary>
    public Affine Then(Affine next) => new(
        A * next.A + B * next.C, A * next.B + B * next.D,
        C * next.A + D * next.C, C * next.B + D * next.D,
        E * next.A + F * next.C + next.E, E * next.B + F * next.D + next.F);

    public (double X, double Y) Apply(double x, double y) => (A * x + C * y + E, B * x + D * y + F);

    /// <summary>The smallest upright rectangle around the image of a rectangle.</summary>
    public PdfRectangle Apply(PdfRectangle r)
    {
        var ((x0, y0), (x1, y1), (x2, y2), (x3, y3)) = (Apply(r.Left, r.Bottom), Apply(r.Right, r.Top), Apply(r.Left, r.Top), Apply(r.Right, r.Bottom));
        return new PdfRectangle(Math.Min(Math.Min(x0, x1), Math.Min(x2, x3)), Math.Min(Math.Min(y0, y1), Math.Min(y2, y3)),
            Math.Max(Math.Max(x0, x1), Math.Max(x2, x3)), Math.Max(Math.Max(y0, y1), Math.Max(y2, y3)));
    }

    /// <summary>The map back.</summary>
    public Affine Inverse()
    {
        var det = A * D - B * C;
        return new(D / det, -B / det, -C / det, A / det, (C * F - D * E) / det, (B * E - A * F) / det);
    }

    /// <summary>Null when the value is no array of six numbers.</summary>
    public static Affine? Of(PdfView view, PdfObject value)
    {
        var n = view.Resolve(value) is PdfArray { Count: 6 } array ? array.Items.Select(view.Resolve).OfType<PdfNumber>().Select(i => i.Number).ToArray() : [];
        return n.Length == 6 ? new Affine(n[0], n[1], n[2], n[3], n[4], n[5]) : null;
    }
}
