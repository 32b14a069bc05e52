namespace VanBanDienTu.Pdf;

/// <summary>Which part of an image hides what is below: its soft mask, its stencil mask, or itself when it is a stencil.</summary>
internal sealed class ImageMask
{
    private const int MaxSide = 20_000;

    private readonly byte[] samples;
    private readonly int width;
    private readonly int height;
    private readonly int bits;
    private readonly bool inverted;

    private ImageMask(byte[] samples, int width, int height, int bits, bool inverted) =>
        (this.samples, this.width, this.height, this.bits, this.inverted) = (samples, width, height, bits, inverted);

    /// <summary>The mask; null when the image hides all of its place, or may do so because its mask cannot be read.</summary>
    public static ImageMask? Of(PdfView view, PdfStream image)
    {
        if (view.Get(image.Dictionary, "SMask") is PdfStream soft)
            return Read(view, soft, stencil: false);
        if (view.Get(image.Dictionary, "ImageMask") is PdfBoolean { Value: true })
            return Read(view, image, stencil: true);
        return view.Get(image.Dictionary, "Mask") is PdfStream mask ? Read(view, mask, stencil: true) : null;
    }

    /// <param name="x">From the left, 0 to 1.</param>
    /// <param name="y">From the top, 0 to 1.</param>
    /// <returns>0: nothing of the image is there, to 1.</returns>
    public double Opacity(double x, double y)
    {
        var (column, row) = ((int)Math.Min(x * width, width - 1), (int)Math.Min(y * height, height - 1));
        var stride = (width * bits + 7) / 8;
        if (bits == 8)
            return Math.Abs((inverted ? 1 : 0) - samples[row * stride + column] / 255.0);
        var bit = samples[row * stride + column / 8] >> (7 - column % 8) & 1;
        return bit == 1 != inverted ? 1 : 0;
    }

    private static ImageMask? Read(PdfView view, PdfStream mask, bool stencil)
    {
        try
        {
            if (view.Get(mask.Dictionary, "Width") is not PdfInteger { Value: > 0 and <= MaxSide and var width } || view.Get(mask.Dictionary, "Height") is not PdfInteger { Value: > 0 and <= MaxSide and var height })
                return null;
            var depth = stencil ? 1 : view.Get(mask.Dictionary, "BitsPerComponent") is PdfInteger { Value: 1 or 8 } b ? (int)b.Value : 0;
            var data = view.Decode(mask);
            var decode = view.Get(mask.Dictionary, "Decode") is PdfArray { Count: 2 } d && view.Resolve(d[0]) is PdfNumber { Number: 1 };
            // A stencil paints where its bits are 0, a soft mask is opaque where its samples are high.
            return depth == 0 || data.LongLength < (width * depth + 7) / 8 * height ? null : new ImageMask(data, (int)width, (int)height, depth, stencil != decode);
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return null;
        }
    }
}
