using System.IO.Compression;

namespace VanBanDienTu.Pdf.Images;

/// <summary>Decodes a PNG row by row into 8-bit RGBA. Two rows are held; an interlaced picture is held whole, since its last pass touches every second row.</summary>
internal static class PngRows
{
    /// <summary>Adam7: first column and row of each pass, and the steps. A picture that is not interlaced is one pass of all.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Gives every row, from the top, to <paramref name="row"/>: four bytes a pixel.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.ImageUnusable"/>: the data is corrupt or ends too early.</exception>
    public static void Decode(PngImage image, Action<ReadOnlySpan<byte>> row)
    {
        using var rows = new ZLibStream(new PiecesStream(image.Data), CompressionMode.Decompress);
        var pixels = new PngPixels(image);
        var header = image.Header;
        try
        {
            if (!header.Interlaced)
            {
                var line = new byte[header.Width * 4];
                Pass(rows, header, header.Width, header.Height, (_, samples) =>
                {
                    pixels.Expand(samples, header.Width, line);
                    row(line);
                });
                return;
            }
            var whole = Interlaced(rows, header, pixels);
            for (var y = 0; y < header.Height; y++)
                row(whole.AsSpan(y * header.Width * 4, header.Width * 4));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw PngImage.Bad("dữ liệu điểm ảnh bị hỏng", "its pixel data is corrupt");
        }
    }

    private static byte[] Interlaced(ZLibStream rows, PngHeader header, PngPixels pixels)
    {
        var whole = new byte[header.Width * header.Height * 4];
        var line = new byte[header.Width * 4];
        foreach (var (x, y, stepX, stepY) in Adam7)
        {
            var (width, height) = ((header.Width - x + stepX - 1) / stepX, (header.Height - y + stepY - 1) / stepY);
            if (width <= 0 || height <= 0)
                continue; // a pass without pixels has no rows either
            Pass(rows, header, width, height, (number, samples) =>
            {
                pixels.Expand(samples, width, line);
                for (var i = 0; i < width; i++)
                    line.AsSpan(i * 4, 4).CopyTo(whole.AsSpan(((y + number * stepY) * header.Width + x + i * stepX) * 4));
            });
        }
        return whole;
    }

    private delegate void Samples(int number, ReadOnlySpan<byte> samples);

    private static void Pass(ZLibStream rows, PngHeader header, int width, int height, Samples each)
    {
        var pixel = Math.Max(1, header.Channels * header.Depth / 8);
        var (current, previous) = (new byte[header.RowBytes(width)], new byte[header.RowBytes(width)]);
        for (var y = 0; y < height; y++)
        {
            var kind = rows.ReadByte();
            rows.ReadExactly(current);
            if (kind is < 0 or > 4)
                throw new InvalidDataException();
            Predictor.UndoLine((byte)kind, current, previous, pixel);
            each(y, current);
            (current, previous) = (previous, current);
        }
    }

    /// <summary>The IDAT chunks as one stream.</summary>
    private sealed class PiecesStream(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : Stream
    {
        private int piece;
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            while (piece < pieces.Count && at == pieces[piece].Length)
                (piece, at) = (piece + 1, 0);
            if (piece == pieces.Count)
                return 0;
            var got = Math.Min(buffer.Length, pieces[piece].Length - at);
            pieces[piece].Span.Slice(at, got).CopyTo(buffer);
            at += got;
            return got;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
