using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Appearances;

/// <summary>Pages that are turned, cropped or measured in other units: the signature stands where it was asked for, upright, to other programs' eyes.</summary>
public sealed class TurnedPageTests : IDisposable
{
    private static readonly PdfRectangle Place = new(30, 40, 150, 100);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Turn, whether cropped, user unit.</summary>
    public static TheoryData<int, bool, double> Pages
    {
        get
        {
            var pages = new TheoryData<int, bool, double>();
            foreach (var rotate in new[] { 0, 90, 180, 270 })
                pages.Add(rotate, true, 1);
            pages.Add(-90, false, 1);
            pages.Add(450, false, 1);
            pages.Add(90, true, 2);
            pages.Add(0, true, 0.5);
            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_picture_stands_in_its_rectangle_and_upright(int rotate, bool cropped, double unit)
    {
        var input = folder.Write("in.pdf", Page(rotate, cropped, unit));
        // Green above, magenta below; twice as wide as high, as the rectangle is.
        var picture = new PngMaker(8, 4, 2, 8).Write((_, y, c) => (y < 2) == (c == 1) ? 255 : 0);
        var done = await new PdfSigner(TimeProvider.System).SignAsync(input, folder["out.pdf"], TestKeys.P256, new SignatureRequest { Rect = Place, Appearance = new() { Image = picture } }, TestContext.Current.CancellationToken);
        Assert.Empty(done.Warnings);
        Raster[] drawn = unit == 1 ? [Raster.Poppler(folder["out.pdf"]), Raster.Mupdf(folder["out.pdf"])] : [Raster.Mupdf(folder["out.pdf"])]; // poppler does not know /UserUnit
        foreach (var page in drawn)
        {
            var (green, magenta) = (page.Around((r, g, b) => g > 200 && r < 60 && b < 60), page.Around((r, g, b) => g < 60 && r > 200 && b > 200));
            Near((30, page.Height - 100, 150, page.Height - 70), green);
            Near((30, page.Height - 70, 150, page.Height - 40), magenta);
        }
        Assert.True(ExternalTool.Run("qpdf", "--check", folder["out.pdf"]).ExitCode == 0);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_name_is_found_and_a_field_is_filled_as_the_page_is_shown(int rotate, bool cropped, double unit)
    {
        var input = folder.Write("in.pdf", Page(rotate, cropped, unit));
        var picture = new PngMaker(8, 4, 2, 8).Write((_, _, c) => c == 1 ? 255 : 0);
        var signer = new PdfSigner(TimeProvider.System);
        await signer.SignAsync(input, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Appearance = new() { Image = picture, Anchor = "Nguyen Van A", ImageMillimetres = 20 } }, TestContext.Current.CancellationToken);
        var page = Raster.Mupdf(folder["1.pdf"]);
        var (name, signature) = (page.Around((r, g, b) => b > 200 && r < 100 && g < 100)!.Value, page.Around((r, g, b) => g > 200 && r < 60)!.Value);
        Assert.InRange((signature.Left + signature.Right) / 2.0, (name.Left + name.Right) / 2.0 - 3, (name.Left + name.Right) / 2.0 + 3);
        Assert.InRange(signature.Bottom, name.Top - 60, name.Top);
        Assert.Equal(20 * 72 / 25.4, signature.Right - signature.Left, 2.0);

        await signer.SignAsync(input, folder["2.pdf"], TestKeys.P256, new SignatureRequest { FieldName = "Ky", Appearance = new() { Image = picture } }, TestContext.Current.CancellationToken);
        using var file = PdfFile.Open(folder["2.pdf"]);
        var shown = VanBanDienTu.Pdf.Appearances.PageFrame.Of(file, file.At(file.Newest).Pages[1]!).Shown(file.SignatureFields[0].Rect!.Value);
        var filled = Raster.Mupdf(folder["2.pdf"]);
        var green = filled.Around((r, g, b) => g > 200 && r < 60)!.Value;
        Assert.Equal((shown.Left + shown.Right) / 2, (green.Left + green.Right) / 2.0, 1.5);
        Assert.Equal((shown.Bottom + shown.Top) / 2, filled.Height - (green.Top + green.Bottom) / 2.0, 1.5);
        Assert.Equal(2.0, (green.Right - green.Left) / (double)(green.Bottom - green.Top), 0.2); // not distorted, not lying on its side
    }

    private static void Near((int Left, int Top, int Right, int Bottom) expected, (int Left, int Top, int Right, int Bottom)? found)
    {
        Assert.NotNull(found);
        var (e, f) = (expected, found.Value);
        Assert.True(Math.Abs(e.Left - f.Left) <= 1 && Math.Abs(e.Top - f.Top) <= 1 && Math.Abs(e.Right - f.Right) <= 1 && Math.Abs(e.Bottom - f.Bottom) <= 1, $"{expected} and {found}");
    }

    /// <summary>A page that shows a name in blue, upright to the reader, and has an empty field; its boxes do not begin at 0.</summary>
    private static byte[] Page(int rotate, bool cropped, double unit)
    {
        var turn = (rotate % 360 + 360) % 360;
        // The direction of text that is upright once the page is turned.
        var (c, s) = turn switch { 90 => (0, 1), 180 => (-1, 0), 270 => (0, -1), _ => (1, 0) };
        var content = string.Create(CultureInfo.InvariantCulture, $"0 0 1 rg BT /F1 {14 / unit} Tf {c} {s} {-s} {c} 300 450 Tm (Nguyen Van A) Tj ET");
        string[] objects =
        [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>",
            $"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[-20 30 620 870]/Rotate {rotate}{(cropped ? "/CropBox[40 50 560 800]" : "")}>>",
            string.Create(CultureInfo.InvariantCulture, $"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R]{(unit == 1 ? "" : $"/UserUnit {unit}")}>>"),
            $"<</Length {content.Length}>>stream\n{content}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 121/Widths[278 " + string.Join(' ', Enumerable.Repeat(0, 32)) + " 667 " + string.Join(' ', Enumerable.Repeat(0, 12)) + " 722 " + string.Join(' ', Enumerable.Repeat(0, 7)) + " 667 " + string.Join(' ', Enumerable.Repeat(0, 10)) + " 556 0 0 0 556 0 556 0 0 0 0 0 0 556 0 0 0 0 0 0 556 0 0 0 500]>>",
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/F 4/P 3 0 R/Rect[100 500 160 620]>>",
        ];
        var file = new StringBuilder("%PDF-1.7\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var xref = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f\r\n").Append(string.Concat(offsets.Select(o => $"{o:D10} 00000 n\r\n")));
        return Encoding.ASCII.GetBytes(file.Append(CultureInfo.InvariantCulture, $"trailer<</Root 1 0 R/Size {objects.Length + 1}>>\nstartxref\n{xref}\n%%EOF\n").ToString());
    }
}
