using System.IO.Compression;
using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf.Images;

/// <summary>Writes a PNG as an image XObject; its transparency as a soft mask, or as a mask of one bit where PDF/A-1 forbids soft ones.</summary>
/// <remarks>Source: ISO 32000-2, 8.9.5 and 11.6.5.2.</remarks>
internal static class ImageXObject
{
    private const int HalfOpaque = 128;

    public static PdfRef Add(PdfIncrementalWriter writer, PngImage image, FileColours colours)
    {
        var (pixels, mask) = (new Plane(), new Plane());
        var transparent = false;
        PngRows.Decode(image, row =>
        {
            for (var i = 0; i < row.Length; i += 4)
                transparent |= row[i + 3] != 255;
            pixels.Row(Colours(row, soft: colours.SoftMasks));
            mask.Row(colours.SoftMasks ? Alpha(row) : Stencil(row));
        });
        var dictionary = Dictionary(image, 8).With("ColorSpace", colours.Rgb);
        var drawn = (pixels.Finish(), mask.Finish());
        if (transparent)
        {
            var shape = colours.SoftMasks ? Dictionary(image, 8).With("ColorSpace", new PdfName("DeviceGray")) : Dictionary(image, 1).With("ImageMask", new PdfBoolean(true));
            dictionary = dictionary.With(colours.SoftMasks ? "SMask" : "Mask", new PdfReference(writer.Add(new PdfStream(shape, drawn.Item2))));
        }
        return writer.Add(new PdfStream(dictionary, drawn.Item1));
    }

    /// <summary>The colours; under a hard mask half-transparent ones are laid on white. What cannot be seen is white, and so costs no bytes and tells nothing.</summary>
    private static byte[] Colours(ReadOnlySpan<byte> rgba, bool soft)
    {
        var rgb = new byte[rgba.Length / 4 * 3];
        for (var (from, to) = (0, 0); from < rgba.Length; (from, to) = (from + 4, to + 3))
        {
            int alpha = rgba[from + 3];
            for (var c = 0; c < 3; c++)
                rgb[to + c] = alpha == 0 ? (byte)255 : soft ? rgba[from + c] : (byte)((rgba[from + c] * alpha + 255 * (255 - alpha)) / 255);
        }
        return rgb;
    }

    private static byte[] Alpha(ReadOnlySpan<byte> rgba)
    {
        var alpha = new byte[rgba.Length / 4];
        for (var i = 0; i < alpha.Length; i++)
            alpha[i] = rgba[i * 4 + 3];
        return alpha;
    }

    /// <summary>One bit a pixel; 1 is not painted (ISO 32000-2, 8.9.6.3).</summary>
    private static byte[] Stencil(ReadOnlySpan<byte> rgba)
    {
        var bits = new byte[(rgba.Length / 4 + 7) / 8];
        for (var i = 0; i < rgba.Length / 4; i++)
        {
            if (rgba[i * 4 + 3] < HalfOpaque)
                bits[i / 8] |= (byte)(0x80 >> (i % 8));
        }
        return bits;
    }

    private static PdfDictionary Dictionary(PngImage image, int bits) => new(
        ("Type", new PdfName("XObject")), ("Subtype", new PdfName("Image")), ("Width", new PdfInteger(image.Width)), ("Height", new PdfInteger(image.Height)),
        ("BitsPerComponent", new PdfInteger(bits)), ("Filter", new PdfName("FlateDecode")));

    /// <summary>Compresses rows as they come.</summary>
    private sealed class Plane
    {
        private readonly MemoryStream output = new();
        private readonly ZLibStream deflater;

        public Plane() => deflater = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true);

        public void Row(ReadOnlySpan<byte> row) => deflater.Write(row);

        public byte[] Finish()
        {
            deflater.Dispose();
            return output.ToArray();
        }
    }
}
