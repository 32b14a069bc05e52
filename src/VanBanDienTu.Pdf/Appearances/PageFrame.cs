namespace VanBanDienTu.Pdf.Appearances;

/// <summary>
/// A page as a reader holds it: upright, cropped, in points of 1/72 inch from its lower left corner, whatever /Rotate, /CropBox and
/// /UserUnit say. Places are chosen here, and turned into the page's own user space when they are written.
/// </summary>
/// <remarks>Source: ISO 32000-2, 7.7.3.3 and 14.11.2.</remarks>
public sealed class PageFrame
{
    private readonly PaintMatrix toShown;

    private PageFrame(PdfRectangle box, int rotate, double unit)
    {
        Rotate = rotate;
        var (w, h) = (box.Width, box.Height);
        var turned = rotate switch
        {
            90 => new PaintMatrix(0, -1, 1, 0, 0, w),
            180 => new PaintMatrix(-1, 0, 0, -1, w, h),
            270 => new PaintMatrix(0, 1, -1, 0, h, 0),
            _ => PaintMatrix.Identity,
        };
        toShown = new PaintMatrix(1, 0, 0, 1, -box.Left, -box.Bottom).Then(turned).Then(new PaintMatrix(unit, 0, 0, unit, 0, 0));
        (Width, Height) = rotate % 180 == 0 ? (w * unit, h * unit) : (h * unit, w * unit);
    }

    /// <summary>In points, as shown.</summary>
    public double Width { get; }

    /// <summary>In points, as shown.</summary>
    public double Height { get; }

    /// <summary>Clockwise: 0, 90, 180 or 270.</summary>
    internal int Rotate { get; }

    /// <summary>From user space to the page as shown.</summary>
    internal PaintMatrix ToShown => toShown;

    /// <summary>The frame of a page.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.BadStructure"/>: the page has no size.</exception>
    public static PageFrame Of(PdfFile file, PdfPage page)
    {
        var view = file.At(file.Newest);
        var media = SignatureFieldReader.RectOf(view, view.Resolve(page.Inherited("MediaBox")));
        var crop = SignatureFieldReader.RectOf(view, view.Resolve(page.Inherited("CropBox")));
        var box = media is { } m && crop is { } c ? Common(m, c) : media ?? crop;
        if (box is not { Width: > 0, Height: > 0 } shown)
            throw PdfException.Bad($"Trang {page.Number} không có kích thước.", $"Page {page.Number} has no size.");
        var rotate = view.Resolve(page.Inherited("Rotate")) is PdfInteger { Value: var r } && r % 90 == 0 ? (int)((r % 360 + 360) % 360) : 0;
        var unit = view.Get(page.Dictionary, "UserUnit") is PdfNumber { Number: > 0 and < 100_000 } u ? u.Number : 1;
        return new PageFrame(shown, rotate, unit);
    }

    /// <summary>A rectangle of user space as it is shown.</summary>
    public PdfRectangle Shown(PdfRectangle userSpace) => toShown.Bounds(userSpace);

    /// <summary>A shown rectangle in user space.</summary>
    public PdfRectangle UserSpace(PdfRectangle shown)
    {
        // A frame turns by right angles and scales, so opposite corners stay opposite corners.
        var (a, b) = (toShown.Undo(new(shown.Left, shown.Bottom))!.Value, toShown.Undo(new(shown.Right, shown.Top))!.Value);
        return new PdfRectangle(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.X, b.X), Math.Max(a.Y, b.Y));
    }

    private static PdfRectangle Common(PdfRectangle a, PdfRectangle b)
    {
        var both = new PdfRectangle(Math.Max(a.Left, b.Left), Math.Max(a.Bottom, b.Bottom), Math.Min(a.Right, b.Right), Math.Min(a.Top, b.Top));
        return both is { Width: > 0, Height: > 0 } ? both : a; // a crop box outside the page is ignored
    }
}
