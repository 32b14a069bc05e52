using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Images;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf.Images;

public sealed class PngImageTests
{
    private const int Width = 13;
    private const int Height = 11;

    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach (var (type, depths) in new[] { (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
            {
                foreach (var depth in depths)
                {
                    kinds.Add(type, depth, false);
                    kinds.Add(type, depth, true);
                }
            }
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_colour_type_and_depth_is_decoded_interlaced_or_not(int type, int depth, bool interlaced)
    {
        var maker = new PngMaker(Width, Height, type, depth, interlaced);
        if (type == 3)
            maker.With("PLTE", [.. Enumerable.Range(0, 1 << depth).SelectMany(i => new[] { (byte)(i * 3 & 255), (byte)(255 - i), (byte)(i * 7 & 255) })]).With("tRNS", 0, 128);
        var expected = new List<byte>();
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                expected.AddRange(Rgba(type, depth, x, y));
        }
        Assert.Equal(expected, Decode(maker.Write((x, y, c) => Value(depth, x, y, c))));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    public void The_one_transparent_colour_of_a_picture_without_alpha_is_transparent(int type, int depth)
    {
        var colours = type == 2 ? 3 : 1;
        var chosen = Enumerable.Range(0, colours).SelectMany(c => new[] { (byte)(Value(depth, 4, 2, c) >> 8), (byte)(Value(depth, 4, 2, c) & 0xFF) }).ToArray();
        var decoded = Decode(new PngMaker(Width, Height, type, depth).With("tRNS", chosen).Write((x, y, c) => Value(depth, x, y, c)));
        for (var i = 0; i < Width * Height; i++)
        {
            var same = Enumerable.Range(0, colours).All(c => Value(depth, i % Width, i / Width, c) == Value(depth, 4, 2, c));
            Assert.Equal(same ? 0 : 255, decoded[i * 4 + 3]);
        }
    }

    [Fact]
    public void The_size_on_paper_is_read()
    {
        var image = PngImage.Read(new PngMaker(100, 50, 0, 8).Density(10_000).Write((_, _, _) => 0));
        Assert.Equal((10, 5), image.Millimetres);
        Assert.Null(PngImage.Read(new PngMaker(9, 9, 0, 8).Write((_, _, _) => 0)).Millimetres);
    }

    [Fact]
    public void A_changed_byte_is_told_by_its_checksum()
    {
        var file = new PngMaker(9, 9, 2, 8).Write((x, _, _) => x);
        for (var at = 8; at < file.Length; at++)
        {
            var bent = (byte[])file.Clone();
            bent[at] ^= 0x10;
            Assert.Equal(PdfFault.ImageUnusable, Assert.Throws<PdfException>(() => PngImage.Read(bent)).Fault);
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = new PngMaker(9, 9, 6, 8).Write((x, y, c) => x * y + c & 255);
        for (var length = 0; length < file.Length; length++)
            Assert.Equal(PdfFault.ImageUnusable, Assert.Throws<PdfException>(() => PngImage.Read(file.AsMemory(0, length))).Fault);
    }

    [Theory]
    [InlineData(PngImage.MaxSide + 1, 1)]
    [InlineData(1, PngImage.MaxSide + 1)]
    [InlineData(PngImage.MaxSide, PngImage.MaxSide)]
    public void A_picture_beyond_the_limits_is_refused_before_it_is_decoded(int width, int height)
    {
        var small = new PngMaker(1, 1, 6, 8).Write((_, _, _) => 0);
        var claims = new PngMaker(width, height, 0, 1, interlaced: true).Write((_, _, _) => 0);
        Assert.Equal(1, PngImage.Read(small).Width);
        Assert.Equal(PdfFault.ImageUnusable, Assert.Throws<PdfException>(() => PngImage.Read(claims)).Fault);
    }

    [Fact]
    public void Fewer_rows_than_the_header_promises_are_refused_when_they_are_decoded()
    {
        var low = new PngMaker(9, 9, 0, 8).Write((_, _, _) => 7);
        var high = new PngMaker(9, 10, 0, 8).Write((_, _, _) => 7);
        byte[] mixed = [.. high.AsSpan(0, 33), .. low.AsSpan(33)]; // the header of one, the rows of the other
        Assert.Equal(PdfFault.ImageUnusable, Assert.Throws<PdfException>(() => Decode(mixed)).Fault);
    }

    [Fact]
    public void A_colour_outside_the_palette_is_refused()
    {
        var file = new PngMaker(4, 4, 3, 8).With("PLTE", 1, 2, 3).Write((_, _, _) => 1);
        Assert.Equal(PdfFault.ImageUnusable, Assert.Throws<PdfException>(() => Decode(file)).Fault);
    }

    private static int Value(int depth, int x, int y, int channel) => (x * 7 + y * 13 + channel * 29 + x * y) * (depth == 16 ? 601 : 1) & ((1 << depth) - 1);

    private static byte[] Rgba(int type, int depth, int x, int y)
    {
        byte Of(int channel) => (byte)Math.Round(Value(depth, x, y, channel) * 255.0 / ((1 << depth) - 1), MidpointRounding.AwayFromZero);
        var index = Value(depth, x, y, 0);
        return type switch
        {
            0 => [Of(0), Of(0), Of(0), 255],
            2 => [Of(0), Of(1), Of(2), 255],
            3 => [(byte)(index * 3 & 255), (byte)(255 - index), (byte)(index * 7 & 255), index switch { 0 => 0, 1 => 128, _ => 255 }],
            4 => [Of(0), Of(0), Of(0), Of(1)],
            _ => [Of(0), Of(1), Of(2), Of(3)],
        };
    }

    private static List<byte> Decode(byte[] file)
    {
        var pixels = new List<byte>();
        PngRows.Decode(PngImage.Read(file), row => pixels.AddRange(row));
        return pixels;
    }
}
