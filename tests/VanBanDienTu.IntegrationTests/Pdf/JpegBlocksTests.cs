using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Pdf;

/// <summary>The brightness of a JPEG's blocks, beside the same page painted without compression by the same program.</summary>
public sealed class JpegBlocksTests
{
    private const double MostApart = 6; // of 255: what compression costs

    [Theory]
    [InlineData("-gray", "progressive=n")]
    [InlineData("-gray", "progressive=y,quality=60")]
    [InlineData("", "progressive=n,optimize=y")]
    [InlineData("", "progressive=y")]
    public void Its_blocks_are_as_bright_as_the_page(string colour, string how)
    {
        using var folder = new TemporaryFolder();
        string[] page = ["-r", "100", "-f", "1", "-l", "1", "-singlefile"];
        Paint([.. page, "-gray", Samples.CongVan, folder["page"]]);
        Paint([.. page, "-jpeg", "-jpegopt", how, .. colour.Length == 0 ? (string[])[] : [colour], Samples.CongVan, folder["page"]]);
        var (width, height, pixels) = Gray(File.ReadAllBytes(folder["page.pgm"]));
        var blocks = JpegBlocks.Read(File.ReadAllBytes(folder["page.jpg"]))!;
        Assert.InRange(blocks.Width, width / 8, width / 8 + 2);
        var (off, marks) = (0, 0);
        for (var y = 0; y < height / 8; y++)
        {
            for (var x = 0; x < width / 8; x++)
            {
                var mean = Enumerable.Range(0, 64).Average(i => pixels[(y * 8 + i / 8) * width + x * 8 + i % 8]);
                marks += mean < 240 ? 1 : 0;
                off += Math.Abs(mean - blocks.Means[y * blocks.Width + x]) > MostApart ? 1 : 0;
            }
        }
        Assert.True(marks > 500, $"{marks} blocks with ink");
        Assert.True(off <= marks / 50, $"{off} of {marks} blocks differ");
    }

    [Fact]
    public void What_is_cut_off_or_no_JPEG_ends_in_peace()
    {
        using var folder = new TemporaryFolder();
        Paint("-r", "50", "-f", "1", "-l", "1", "-singlefile", "-jpeg", Samples.CongVan, folder["page"]);
        var whole = File.ReadAllBytes(folder["page.jpg"]);
        for (var length = 0; length < whole.Length; length += 97)
            _ = JpegBlocks.Read(whole.AsSpan(0, length));
        for (var at = 0; at < whole.Length; at += 61)
        {
            var bent = whole.ToArray();
            bent[at] ^= 0x55;
            _ = JpegBlocks.Read(bent);
        }
        Assert.Null(JpegBlocks.Read("no JPEG at all"u8));
    }

    private static void Paint(params string[] arguments) => Assert.Equal(0, ExternalTool.Run("pdftoppm", arguments).ExitCode);

    private static (int Width, int Height, byte[] Pixels) Gray(byte[] pgm)
    {
        var header = System.Text.Encoding.ASCII.GetString(pgm.AsSpan(0, 40)).Split([' ', '\n'], 5);
        var start = header[..4].Sum(p => p.Length + 1);
        return (int.Parse(header[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(header[2], System.Globalization.CultureInfo.InvariantCulture), pgm[start..]);
    }
}
