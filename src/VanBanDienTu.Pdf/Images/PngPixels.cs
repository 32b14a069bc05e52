namespace VanBanDienTu.Pdf.Images;

/// <summary>Turns the samples of one row into 8-bit RGBA, whatever the colour type and depth.</summary>
internal sealed class PngPixels(PngImage image)
{
    private const int Opaque = 255;

    private readonly PngHeader header = image.Header;

    /// <summary>The one transparent colour of a picture without alpha, in its own depth; -1 matches nothing.</summary>
    private readonly int[] transparent = image.Header.IsIndexed || image.Transparency is not { } t ? [-1, -1, -1]
        : [.. Enumerable.Range(0, image.Header.Channels).Select(i => t[2 * i] << 8 | t[2 * i + 1])];

    public void Expand(ReadOnlySpan<byte> samples, int pixels, Span<byte> rgba)
    {
        for (var i = 0; i < pixels; i++)
        {
            var to = rgba.Slice(i * 4, 4);
            if (header.IsIndexed)
                Indexed(Sample(samples, i), to);
            else
                Direct(samples, i * header.Channels, to);
        }
    }

    private void Indexed(int index, Span<byte> to)
    {
        if (index * 3 + 3 > image.Palette.Length)
            throw new InvalidDataException();
        image.Palette.AsSpan(index * 3, 3).CopyTo(to);
        to[3] = (byte)(image.Transparency is { } alphas && index < alphas.Length ? alphas[index] : Opaque);
    }

    private void Direct(ReadOnlySpan<byte> samples, int first, Span<byte> to)
    {
        var colours = header.IsGrey ? 1 : 3;
        var clear = !header.HasAlpha;
        for (var c = 0; c < colours; c++)
        {
            var value = Sample(samples, first + c);
            clear = clear && value == transparent[c];
            to[c] = Byte(value);
        }
        if (header.IsGrey)
            to[1] = to[2] = to[0];
        to[3] = header.HasAlpha ? Byte(Sample(samples, first + colours)) : clear ? (byte)0 : (byte)Opaque;
    }

    private int Sample(ReadOnlySpan<byte> samples, int index) => header.Depth switch
    {
        8 => samples[index],
        16 => samples[index * 2] << 8 | samples[index * 2 + 1],
        var depth => samples[index * depth / 8] >> (8 - depth - index * depth % 8) & ((1 << depth) - 1),
    };

    /// <summary>Scales a sample of the picture's depth to 0–255.</summary>
    private byte Byte(int value)
    {
        var largest = (1 << header.Depth) - 1;
        return (byte)((value * Opaque + largest / 2) / largest);
    }
}
