using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>What a new signature's appearance may do to the words of the page: lie beside them, or over them as glass does.</summary>
public sealed class CoverRuleTests
{
    private const string Look = "/Type/XObject/Subtype/Form/BBox[0 0 200 40]/Resources<</Font<</F 5 0 R>>/ExtGState<</Glass<</ca 0.3>>/Lines<</ca 0.1/CA 1>>/Multiply<</BM/Multiply>>>>/ColorSpace<</Few[/Indexed/DeviceGray 1<FF00>]/Ink[/Separation/Den/DeviceGray 63 0 R]/Rgb[/ICCBased 64 0 R]>>/Pattern<</Paper 65 0 R>>/XObject<</Seal 60 0 R/Photo 61 0 R>>>>";
    private const string Words = "[45 690 245 730]"; // over «Hello», which begins at 50 700
    private const string Beside = "[300 690 500 730]";

    [Theory]
    [InlineData("BT /F 12 Tf 2 5 Td (Signed by) Tj ET")]
    [InlineData("/Seal Do")]
    [InlineData("q 200 0 0 40 0 0 cm /Seal Do Q")]
    [InlineData("/Glass gs 1 g 0 0 200 40 re f")]
    [InlineData("/Multiply gs 1 1 0 rg 0 0 200 40 re f")]
    [InlineData("0 0 200 40 re S")]
    [InlineData("q 0 0 0 0 re W n 1 g 0 0 200 40 re f Q")]
    [InlineData("1 g 150 0 50 40 re f")]
    [InlineData("1 g 0 0 200 3 re f")]
    [InlineData("/Lines gs 1 g 0 0 200 40 re f")]
    [InlineData("/Multiply gs 1 g 0 0 200 40 re f")]
    [InlineData("/Rgb cs 0 0 0 scn BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("2 Tr 0.4 w BT /F 12 Tf 2 5 Td (Signed by) Tj ET")]
    public void What_lets_the_words_be_read_is_permitted(string content) => Expect(LaterChanges.Permitted, content, Words);

    [Theory]
    [InlineData("1 g 0 0 200 40 re f")]
    [InlineData("1 0 0 rg 0 0 m 200 0 l 200 40 l 0 40 l f*")]
    [InlineData("0 20 m 0 60 200 60 200 20 c 200 -20 0 -20 0 20 c b")]
    [InlineData("40 w 0 20 m 200 20 l S")]
    [InlineData("q 200 0 0 40 0 0 cm /Photo Do Q")]
    [InlineData("q 200 0 0 40 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q")]
    [InlineData("1 g BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("q 0 0 200 40 re W n /Sh sh Q")]
    [InlineData("/Glass gs 1 g 0 0 200 40 re f 0 0 200 40 re f")]
    [InlineData("q 200 0 0 40 0 0 cm /Seal Do /Seal Do /Seal Do /Seal Do /Seal Do /Seal Do Q")]
    [InlineData("/Lines gs 40 w 1 G 0 20 m 200 20 l S")]
    [InlineData("/Multiply gs 0 g 0 0 200 40 re f")]
    [InlineData("/Few cs 0 sc BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("/Ink cs 0 scn BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("/Pattern cs /Paper scn BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("1 Tr 30 w BT /F 60 Tf 0 5 Td (MMMM) Tj ET")]
    [InlineData("1 g 0 0 200 14 re f")]
    public void What_hides_the_words_is_suspicious(string content)
    {
        Expect(LaterChanges.Suspicious, content, Words);
        Expect(LaterChanges.Permitted, content, Beside);
    }

    [Theory]
    [InlineData("/F 36/AP<</N 50 0 R>>")] // on paper only
    [InlineData("/F 132/AP<</N 66 0 R/R 50 0 R>>")] // under the mouse
    [InlineData("/F 132/AP<<>>/MK<</BG[1 1 1]>>")] // as readers draw it
    public void What_hides_the_words_in_another_way_is_suspicious(string shown)
    {
        const string White = "1 g 0 0 200 40 re f";
        Assert.Equal(LaterChanges.Suspicious, Later(Signed(), p => p.Stream(50, Look, White).Stream(66, Look, ""), Words, shown)?.Verdict);
        Assert.Equal(LaterChanges.Permitted, Later(Signed(), p => p.Stream(50, Look, White).Stream(66, Look, ""), Beside, shown)?.Verdict);
    }

    [Fact]
    public void A_path_without_end_is_cut_off_and_suspicious() =>
        Expect(LaterChanges.Suspicious, "0 0 m " + string.Concat(Enumerable.Repeat("1 1 l 2 2 l ", 60_000)) + "f", Words);

    [Fact]
    public void A_form_that_shows_itself_comes_to_an_end() =>
        Assert.NotEqual(LaterChanges.None, Later(Signed(), p => p.Stream(50, "/Type/XObject/Subtype/Form/BBox[0 0 200 40]/Resources<</XObject<</A 50 0 R>>>>", "/A Do /A Do"))?.Verdict);

    private static void Expect(LaterChanges expected, string content, string rect)
    {
        var changes = Later(Signed(), p => p.Stream(50, Look, content)
            .Stream(60, "/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 62 0 R", new string('x', 64))
            .Stream(61, "/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray", new string('x', 64))
            .Stream(62, "/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray", new string('\x20', 64)), rect);
        Assert.True((changes?.Verdict ?? LaterChanges.Suspicious) == expected, string.Join('\n', changes?.Changes ?? []));
    }

    private static byte[] Signed() => SignedSamples.Signed();

    /// <summary>Null when a limit was passed, and a person must look.</summary>
    private static RevisionChanges? Later(byte[] signed, Func<HandMadePdf, HandMadePdf> objects, string rect = Words, string shown = "/F 132/AP<</N 50 0 R>>")
    {
        using var before = PdfFileTests.Open(signed);
        var pdf = objects(new HandMadePdf(System.Text.Encoding.Latin1.GetString(signed)))
            .Object(6, "<</Fields[7 0 R 9 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>")
            .Object(3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 9 0 R 40 0 R]>>")
            .Object(40, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect{rect}/P 3 0 R/V 41 0 R{shown}>>")
            .Object(41, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<3000>>>")
            .EndTable($"/Root 1 0 R/Prev {before.Newest.StartXref}");
        try
        {
            using var file = PdfFileTests.Open(pdf);
            return RevisionChanges.Compare(file, file.Revisions[1]);
        }
        catch (PdfException e) when (e.Fault == PdfFault.LimitExceeded)
        {
            return null;
        }
    }
}
