namespace VanBanDienTu.Pdf;

/// <summary>How bright an image is, place by place; of a JPEG the mean of each block, which is enough to see where something is written.</summary>
internal sealed class Brightness
{
    private const int MaxSide = 20_000;
    private const int Grid = 64;
    private const int PixelContrast = 48;
    private const int BlockContrast = 16;
    private const int Dark = 64; // darker than pure red or blue

    private readonly Func<int, int, int> read;
    private readonly int width;
    private readonly int height;
    private readonly int contrast;
    private readonly int paper;

    private Brightness(int width, int height, int contrast, Func<int, int, int> read)
    {
        (this.width, this.height, this.contrast, this.read) = (width, height, contrast, read);
        var sample = new int[Grid * Grid];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = At((i % Grid + 0.5) / Grid, (i / Grid + 0.5) / Grid);
        Array.Sort(sample);
        paper = sample[sample.Length / 2];
    }

    /// <summary>Null when its pixels cannot be read.</summary>
    public static Brightness? Of(PdfView view, PdfStream image)
    {
        try
        {
            var (width, height) = (Integer(view, image, "Width"), Integer(view, image, "Height"));
            return width is 0 or > MaxSide || height is 0 or > MaxSide ? null : IsJpeg(view, image) ? OfJpeg(view, image) : OfPixels(view, image, width, height);
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return null;
        }
    }

    /// <summary>As <see cref="Of"/>, of an image whose samples are light and nothing else: no printing inks, nothing inverted.</summary>
    public static Brightness? OfInk(PdfView view, PdfStream image)
    {
        var space = view.Get(image.Dictionary, "ColorSpace");
        if (space is PdfArray { Count: > 1 } array && view.Resolve(array[0]) is PdfName { Value: "Indexed" or "I" })
            space = view.Resolve(array[1]);
        var isLight = space is not PdfArray { Count: > 0 } family || view.Resolve(family[0]) is PdfName { Value: "CalGray" or "CalRGB" or "ICCBased" };
        return isLight && Parts(view, space) is 1 or 3 && !image.Dictionary.Has("Decode") ? Of(view, image) : null;
    }

    /// <summary>Whether black letters below it cannot be read when it darkens the ground.</summary>
    /// <param name="x">From the left, 0 to 1.</param>
    /// <param name="y">From the top, 0 to 1.</param>
    public bool IsDark(double x, double y) => At(x, y) < Dark;

    /// <summary>Whether it is clearly darker or brighter there than paper: the middle brightness of the whole.</summary>
    /// <param name="x">From the left, 0 to 1.</param>
    /// <param name="y">From the top, 0 to 1.</param>
    public bool IsMark(double x, double y) => Math.Abs(At(x, y) - paper) > contrast;

    private int At(double x, double y) => read((int)Math.Clamp(x * width, 0, width - 1), (int)Math.Clamp(y * height, 0, height - 1));

    private static int Integer(PdfView view, PdfStream image, string key) => view.Get(image.Dictionary, key) is PdfInteger { Value: >= 0 and <= int.MaxValue } n ? (int)n.Value : 0;

    private static bool IsJpeg(PdfView view, PdfStream image) => view.Get(image.Dictionary, "Filter") switch
    {
        PdfName name => name.Value is "DCTDecode" or "DCT",
        PdfArray { Count: 1 } one => view.Resolve(one[0]) is PdfName { Value: "DCTDecode" or "DCT" },
        _ => false,
    };

    private static Brightness? OfJpeg(PdfView view, PdfStream image)
    {
        var span = view.DataSpan(image);
        if (span.Length > view.File.Limits.MaxDecodedBytes || view.File.Encrypted)
            return null;
        var blocks = JpegBlocks.Read(view.File.Bytes.Window(span.Start, (int)span.Length).Span);
        if (blocks is null)
            return null;
        view.File.Budget.Decoded(blocks.Means.Length);
        return new Brightness(blocks.Width, blocks.Height, BlockContrast, (x, y) => blocks.Means[y * blocks.Width + x]);
    }

    private static Brightness? OfPixels(PdfView view, PdfStream image, int width, int height)
    {
        var stencil = view.Get(image.Dictionary, "ImageMask") is PdfBoolean { Value: true };
        var bits = stencil ? 1 : Integer(view, image, "BitsPerComponent");
        if (bits is not (1 or 2 or 4 or 8))
            return null;
        var data = view.Decode(image);
        var (space, parts) = (view.Get(image.Dictionary, "ColorSpace"), stencil ? 1 : 0);
        var palette = Palette(view, space);
        parts = parts > 0 || palette is not null ? 1 : Parts(view, space);
        var stride = ((long)width * parts * bits + 7) / 8;
        if (parts == 0 || data.LongLength < stride * height)
            return null;
        var largest = (1 << bits) - 1;
        return new Brightness(width, height, PixelContrast, (x, y) =>
        {
            var sum = 0;
            for (var i = 0; i < parts; i++)
            {
                var bit = ((long)x * parts + i) * bits;
                var sample = data[y * stride + bit / 8] >> (int)(8 - bits - bit % 8) & largest;
                sum += palette is null ? sample * 255 / largest : sample < palette.Length ? palette[sample] : 0;
            }
            return sum / parts;
        });
    }

    private static int Parts(PdfView view, PdfObject space) => space switch
    {
        PdfName { Value: "DeviceGray" or "CalGray" or "G" } => 1,
        PdfName { Value: "DeviceRGB" or "CalRGB" or "RGB" } => 3,
        PdfName { Value: "DeviceCMYK" or "CMYK" } => 4,
        PdfArray { Count: > 1 } array => view.Resolve(array[0]) switch
        {
            PdfName { Value: "CalGray" or "Separation" } => 1,
            PdfName { Value: "CalRGB" or "Lab" } => 3,
            PdfName { Value: "ICCBased" } => view.Resolve(array[1]) is PdfStream profile ? Math.Min(Integer(view, profile, "N"), 4) : 0,
            _ => 0,
        },
        _ => 0,
    };

    /// <summary>The brightness of each colour of an indexed space; null when it is none.</summary>
    private static byte[]? Palette(PdfView view, PdfObject space)
    {
        if (space is not PdfArray { Count: 4 } array || view.Resolve(array[0]) is not PdfName { Value: "Indexed" or "I" })
            return null;
        var parts = Parts(view, view.Resolve(array[1]));
        if (parts == 0)
            return null;
        var table = view.Resolve(array[3]) switch
        {
            PdfString text => text.Bytes.ToArray(),
            PdfStream stream => view.Decode(stream),
            _ => [],
        };
        return [.. table.Chunk(parts).Select(c => (byte)c.Average(b => b))];
    }
}
