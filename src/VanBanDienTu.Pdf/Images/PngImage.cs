using System.Buffers.Binary;

namespace VanBanDienTu.Pdf.Images;

/// <summary>A PNG picture (ảnh PNG): its chunks checked, its pixels not yet decoded. Safe for many threads.</summary>
/// <remarks>Source: W3C PNG specification, third edition. All colour types and depths, interlaced or not; gamma and profiles are ignored.</remarks>
public sealed class PngImage
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>The largest width and height, in pixels.</summary>
    public const int MaxSide = 10_000;

    /// <summary>The most pixels; an interlaced picture of that size takes 64 MB to decode, any other only two rows.</summary>
    public const int MaxPixels = 16_000_000;

    private PngImage(PngHeader header, byte[] palette, byte[]? transparency, IReadOnlyList<ReadOnlyMemory<byte>> data, (double X, double Y)? metre)
    {
        (Header, Palette, Transparency, Data) = (header, palette, transparency, data);
        // Only square-ish density tells a size; a density of 0 tells nothing.
        Millimetres = metre is { X: > 0, Y: > 0 } d ? (header.Width * 1000 / d.X, header.Height * 1000 / d.Y) : null;
    }

    /// <summary>In pixels.</summary>
    public int Width => Header.Width;

    /// <summary>In pixels.</summary>
    public int Height => Header.Height;

    /// <summary>The real size that the file states (pHYs), width and height; null when it states none.</summary>
    public (double Width, double Height)? Millimetres { get; }

    /// <summary>The file can have transparent pixels.</summary>
    public bool MayBeTransparent => Header.HasAlpha || Transparency is not null;

    internal PngHeader Header { get; }

    /// <summary>Three bytes an entry; empty unless the picture is indexed.</summary>
    internal byte[] Palette { get; }

    /// <summary>tRNS: an alpha for each palette entry, or the one transparent colour.</summary>
    internal byte[]? Transparency { get; }

    /// <summary>The compressed rows, in pieces.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Data { get; }

    /// <summary>Reads a file's chunks.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.ImageUnusable"/>.</exception>
    public static PngImage Read(ReadOnlyMemory<byte> file)
    {
        var (header, palette, transparency, metre) = ((PngHeader?)null, Array.Empty<byte>(), (byte[]?)null, ((double, double)?)null);
        var data = new List<ReadOnlyMemory<byte>>();
        foreach (var (type, content) in PngChunks.Of(file))
        {
            switch (type)
            {
                case "IHDR" when header is null: header = PngHeader.Read(content.Span); break;
                case "IHDR": throw Bad("có hai phần đầu", "it has two headers");
                case "PLTE": palette = content.ToArray(); break;
                case "tRNS": transparency = content.ToArray(); break;
                case "pHYs" when content.Length == 9 && content.Span[8] == 1:
                    metre = (BinaryPrimitives.ReadUInt32BigEndian(content.Span), BinaryPrimitives.ReadUInt32BigEndian(content.Span[4..]));
                    break;
                case "IDAT": data.Add(content); break;
                default:
                    if (char.IsAsciiLetterUpper(type[0]) && type != "IEND")
                        throw Bad($"có phần bắt buộc lạ «{type}»", $"it has an unknown critical chunk '{type}'");
                    break;
            }
        }
        if (header is null || data.Count == 0)
            throw Bad("thiếu dữ liệu ảnh", "it holds no picture data");
        if (header.IsIndexed && palette.Length is 0 or > 768 || palette.Length % 3 != 0)
            throw Bad("bảng màu không hợp lệ", "its palette is not valid");
        if (transparency is not null && transparency.Length < header.TransparencyBytes || header.HasAlpha)
            transparency = null; // too short, or not allowed beside alpha: nobody honours it
        return new PngImage(header, palette, transparency, data, metre);
    }

    internal static PdfException Bad(string vi, string en) => new(PdfFault.ImageUnusable, $"Không dùng được ảnh PNG: {vi}.", $"The PNG picture cannot be used: {en}.");
}

/// <summary>IHDR.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, int ColourType, bool Interlaced)
{
    private const int Grey = 0, Rgb = 2, Indexed = 3, GreyAlpha = 4, Rgba = 6;

    public bool HasAlpha => ColourType is GreyAlpha or Rgba;

    public bool IsGrey => ColourType is Grey or GreyAlpha;

    public bool IsIndexed => ColourType == Indexed;

    public int Channels => ColourType switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>What tRNS must at least have.</summary>
    public int TransparencyBytes => ColourType switch { Grey => 2, Rgb => 6, _ => 1 };

    /// <summary>Bytes of a row of that many pixels, without its filter byte.</summary>
    public int RowBytes(int pixels) => (pixels * Channels * Depth + 7) / 8;

    public static PngHeader Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 13)
            throw PngImage.Bad("phần đầu sai độ dài", "its header has the wrong length");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(chunk), BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        if (width is 0 or > PngImage.MaxSide || height is 0 or > PngImage.MaxSide || width * height > PngImage.MaxPixels)
            throw PngImage.Bad($"kích thước {width} × {height} ngoài giới hạn", $"its size of {width} × {height} pixels is outside the limits");
        int[] depths = chunk[9] switch { Grey => [1, 2, 4, 8, 16], Indexed => [1, 2, 4, 8], Rgb or GreyAlpha or Rgba => [8, 16], _ => [] };
        if (!depths.Contains(chunk[8]) || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
            throw PngImage.Bad("kiểu màu hoặc cách nén không hợp lệ", "its colour type, depth or compression is not one of the standard's");
        return new PngHeader((int)width, (int)height, chunk[8], chunk[9], chunk[12] == 1);
    }
}
