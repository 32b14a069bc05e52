using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Text;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf.Text;

public sealed class PageTextTests
{
    /// <summary>Every letter is half the size wide.</summary>
    private const string Simple = "<</Type/Font/Subtype/TrueType/BaseFont/X/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 255/Widths[500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
        + "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
        + "500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500]>>";

    [Theory]
    [InlineData("cong-van.pdf", 1, 411.4, 493.2, 841.89 - 573)]
    [InlineData("quyet-dinh.pdf", 2, 411.4, 493.2, 145)]
    [InlineData("bao-cao.pdf", 7, 411.4, 493.2, 635)]
    public void The_signers_name_is_found_on_the_samples_in_any_spelling(string sample, int page, double left, double right, double bottom)
    {
        using var file = PdfFile.Open(Path.Combine(Samples.Root, "samples", sample));
        var text = PageText.Read(file, file.At(file.Newest).Pages[page]!);
        foreach (var spelling in new[] { "Người Ký Mẫu", "NgườiKýMẫu", "Ngu\u031Bo\u031B\u0300i  Ky\u0301 Ma\u0302\u0303u", "NGƯỜI KÝ MẪU" })
        {
            var found = Assert.Single(text.Find(spelling));
            Assert.Equal(left, found.Left, 1.0);
            Assert.Equal(right, found.Right, 1.0);
            Assert.InRange(found.Bottom, bottom - 12, bottom + 12);
        }
        Assert.Empty(text.Find("Người Ký Khác"));
        Assert.Empty(text.Find(" "));
        Assert.Empty(text.Find("Nơi nhận: CHÁNH VĂN PHÒNG")); // two columns on one height are no name
    }

    [Fact]
    public void Spacing_scale_rise_and_kerning_move_letters_as_they_should()
    {
        var text = Read("BT /F1 10 Tf 2 Tc 3 Tw 50 Tz 4 Ts 1 0 0 1 100 200 Tm (a b) Tj [(c) -1000 (d)] TJ ET", Simple);
        // a: 5 wide + 2, the blank: 5 + 2 + 3, b: 5 + 2, c: 5 + 2, then 10 back to the right; all halved.
        AssertCorner((100 + (7 + 10) / 2.0, 204 - 2.2), text, "b");
        AssertCorner((100 + (7 + 10 + 7) / 2.0, 204 - 2.2), text, "c");
        AssertCorner((100 + (7 + 10 + 7 + 7 + 10) / 2.0, 204 - 2.2), text, "d");
    }

    [Fact]
    public void Lines_matrices_and_saved_states_place_text()
    {
        var text = Read("q 2 0 0 2 10 20 cm BT /F1 10 Tf 12 TL 5 6 Td (a) Tj T* (b) Tj 1 2 TD (c) Tj (d) ' 1 1 (e) \" ET Q BT 30 40 Td /F1 5 Tf (f) Tj ET", Simple);
        AssertCorner((10 + 10, 20 + 12 - 4.4), text, "a");
        AssertCorner((20, 32 - 24 - 4.4), text, "b");
        AssertCorner((22, 32 - 24 + 4 - 4.4), text, "c");
        AssertCorner((22, 12 + 4 - 4.4), text, "d"); // TD set the leading to -2
        AssertCorner((30, 40 - 1.1), text, "f");
    }

    [Fact]
    public void Names_of_glyphs_give_Vietnamese_letters()
    {
        var font = Simple.Replace("/Encoding/WinAnsiEncoding", "/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/Dcroat/acircumflexhookabove/uni1EEF/u01A1/ohorndotbelow 10/a.alt/Yacute]>>", StringComparison.Ordinal);
        Assert.Single(Read("BT /F1 10 Tf <0102030405200A0B> Tj ET", font).Find("Đẩữơợ aÝ"));
    }

    [Fact]
    public void Composite_fonts_are_read_through_their_maps_in_forms_too_and_what_is_shown_twice_counts_once()
    {
        const string map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            + "2 beginbfchar <0003> <0020> <0010> <0065> endbfchar 1 beginbfchar <0011> <00650302 0303> endbfchar\n"
            + "2 beginbfrange <0020> <0022> <0041> <0030> <0031> [<0110> <1ED9>] endbfrange endcmap";
        var pdf = new HandMadePdf()
            .Object(1, "<</Type/Catalog/Pages 2 0 R>>").Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>")
            .Object(3, "<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 6 0 R>>>>/Contents[4 0 R 4 0 R]>>")
            .Stream(4, "", "q 1 0 0 1 100 0 cm /X Do Q q")
            .Object(5, "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[8 0 R]>>")
            .Stream(6, "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Matrix[1 0 0 1 0 300]/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>", "BT /F 20 Tf 10 20 Td <0020002100220011003000310003> Tj ET /X Do")
            .Stream(7, "", map)
            .Object(8, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 1000/W[32[100 200 300] 48 49 400]>>").EndTable();
        using var file = PdfFileTests.Open(pdf);
        var text = PageText.Read(file, file.At(file.Newest).Pages[1]!);
        var found = text.Find("ABCễĐộ"); // e with two marks is one letter
        Assert.NotEmpty(found);
        Assert.Equal(110, found[0].Left, 0.001);
        Assert.Equal(110 + 20 * (0.1 + 0.2 + 0.3 + 1 + 0.4 + 0.4), found[0].Right, 0.001);
        Assert.InRange(found[0].Bottom, 315, 320);
    }

    [Fact]
    public void Marks_that_are_shown_by_themselves_belong_to_the_letter_before()
    {
        var font = Simple.Replace("/Encoding/WinAnsiEncoding", "/Encoding<</Differences[1/uni0302/uni0303/acutecomb]>>", StringComparison.Ordinal);
        Assert.Single(Read("BT /F1 10 Tf 50 50 Td (Nguye) Tj 0 0 Td -3 0 Td <01> Tj <02> Tj ET BT /F1 10 Tf 75 50 Td (n) Tj ET", font).Find("Nguyễn"));
    }

    [Fact]
    public void What_lies_under_a_rectangle_is_told_in_reading_order_and_the_free_space_above_a_name_is_measured()
    {
        var text = Read("BT /F1 10 Tf 100 100 Td (Mau) Tj 0 50 Td (Ky) Tj 200 0 Td (xa) Tj ET BT /F1 10 Tf 0 1 -1 0 300 300 Tm (doc) Tj ET", Simple);
        Assert.Equal("Ky Mau", text.Under(new PdfRectangle(90, 90, 150, 170)));
        Assert.Equal("", text.Under(new PdfRectangle(90, 115, 150, 145)));
        Assert.Equal("doc", text.Under(new PdfRectangle(290, 300, 310, 320)));
        Assert.Equal(150 - 2.2, text.Ceiling(108, 100, 115), 0.001);
        Assert.Equal(800, text.Ceiling(160, 100, 115), 0.001);
    }

    [Fact]
    public void Exact_case_is_preferred()
    {
        var text = Read("BT /F1 10 Tf 100 100 Td (NGUYEN VAN A) Tj 0 50 Td (Nguyen Van A) Tj ET", Simple);
        Assert.Equal(150 - 2.2, Assert.Single(text.Find("Nguyen Van A")).Bottom, 0.001);
        Assert.Equal(2, text.Find("nguyen van a").Count);
    }

    [Fact]
    public void Senseless_content_and_forms_that_call_themselves_end()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var content = new byte[random.Next(400)];
            random.NextBytes(content);
            Read(Encoding.Latin1.GetString(content) + " BT /F1 9 Tf (x) Tj ET BI /W 1 ID \u0001EI EI Q Q [[[ << /X Do", Simple);
        }
        Assert.Single(Read("BT /F1 9 Tf 1 1 Td (before) Tj ET BI /W 4 /H 4 ID ((([[<< EI\nBT /F1 9 Tf 9 9 Td (after) Tj ET", Simple).Find("after"));
    }

    private static void AssertCorner((double X, double Y) expected, PageText text, string words)
    {
        var found = Assert.Single(text.Find(words));
        Assert.Equal(expected.X, found.Left, 0.001);
        Assert.Equal(expected.Y, found.Bottom, 0.001);
    }

    private static PageText Read(string content, string font)
    {
        using var file = PdfFileTests.Open(new HandMadePdf()
            .Object(1, "<</Type/Catalog/Pages 2 0 R>>").Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>>>>>")
            .Object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>").Stream(4, "", content).Object(5, font).EndTable());
        return PageText.Read(file, file.At(file.Newest).Pages[1]!);
    }
}
