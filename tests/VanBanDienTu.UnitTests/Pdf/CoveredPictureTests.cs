using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>A scanned page has no letters, only pixels: what a new signature's look hides of them is looked at as well.</summary>
public sealed class CoveredPictureTests
{
    private const string Opaque = "1 g 0 0 200 40 re f";
    private const string OverInk = "[80 500 280 540]";
    private const string OverPaper = "[80 100 280 140]";
    private const int Side = 200; // pixels; the sheet is 600 × 800

    [Theory]
    [InlineData("gray")]
    [InlineData("rgb")]
    [InlineData("indexed")]
    [InlineData("bitmap")]
    [InlineData("stencil")]
    public void A_box_over_what_is_written_on_a_scanned_sheet_is_suspicious(string kind)
    {
        Expect(LaterChanges.Suspicious, kind, Opaque, OverInk);
        Expect(LaterChanges.Permitted, kind, Opaque, OverPaper);
        Expect(LaterChanges.Permitted, kind, "BT /F 12 Tf 2 5 Td (Signed by) Tj ET", OverInk);
        Expect(LaterChanges.Permitted, kind, "q /Multiply gs 1 1 0 rg 0 0 200 40 re f Q", OverInk);
    }

    [Fact]
    public void Whole_pages_and_strips_of_pixels_are_the_same() =>
        Expect(LaterChanges.Suspicious, "gray", "1 g 0 0 200 3 re f 0 6 200 3 re f 0 12 200 3 re f 0 18 200 3 re f 0 24 200 3 re f 0 30 200 3 re f", OverInk);

    [Fact]
    public void Pixels_that_cannot_be_read_must_not_be_hidden()
    {
        Expect(LaterChanges.Suspicious, "jpx", Opaque, OverPaper);
        Expect(LaterChanges.Permitted, "jpx", "0 0 200 40 re S", OverPaper);
    }

    [Fact]
    public void Letters_that_were_turned_into_outlines_count_as_letters()
    {
        const string outline = "0 g 100 520 m 104 530 110 530 112 520 c 110 512 104 512 100 520 c h f ";
        Assert.Equal(LaterChanges.Suspicious, Judge(outline, pdf => pdf, Opaque, OverInk).Verdict);
        Assert.Equal(LaterChanges.Permitted, Judge("0 g 100 520 100 0.5 re f 1 g 80 500 200 40 re f", pdf => pdf, Opaque, OverInk).Verdict); // a rule to sign on, a white ground
    }

    [Theory]
    [InlineData("1 w 100 510 m 110 520 l S 100 520 m 110 510 l S", LaterChanges.Suspicious)] // a cross in a box
    [InlineData("100 510 4 4 re 108 510 4 4 re f", LaterChanges.Suspicious)] // cells of a code
    [InlineData("100 510 m 100 528 l 103 528 l 103 510 l h f", LaterChanges.Suspicious)] // the outline of a 1
    [InlineData("1 w 100 510 m 200 510 l S 100 512 60 0.5 re f", LaterChanges.Permitted)] // rules to write on
    [InlineData("1 w 85 505 190 30 re S", LaterChanges.Permitted)] // a frame to sign in
    [InlineData("0.9 g 100 510 40 12 re f", LaterChanges.Permitted)] // a ground
    public void Small_dark_marks_count_as_letters_and_rules_do_not(string page, LaterChanges expected)
    {
        Assert.Equal(expected, Judge(page, pdf => pdf, Opaque, OverInk).Verdict);
        Assert.Equal(LaterChanges.Permitted, Judge(page, pdf => pdf, Opaque, OverPaper).Verdict);
    }

    private static void Expect(LaterChanges expected, string kind, string content, string rect)
    {
        var changes = Judge("q 600 0 0 800 0 0 cm /Sheet Do Q", pdf => Sheet(pdf, kind), content, rect);
        Assert.True(changes.Verdict == expected, $"{kind} {rect} {content}\n{string.Join('\n', changes.Changes)}");
    }

    /// <summary>Lines of «writing» over the middle of a white sheet.</summary>
    private static HandMadePdf Sheet(HandMadePdf pdf, string kind)
    {
        var size = $"/Type/XObject/Subtype/Image/Width {Side}/Height {Side}";
        return kind switch
        {
            "gray" => pdf.Stream(20, $"{size}/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", HandMadePdf.Deflate(Pixels(1, [255], [20]))),
            "rgb" => pdf.Stream(20, $"{size}/BitsPerComponent 8/ColorSpace[/ICCBased 21 0 R]", Pixels(3, [250, 250, 245], [20, 20, 90])).Stream(21, "/N 3", ""),
            "indexed" => pdf.Stream(20, $"{size}/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<000040FFFFFF>]", Pixels(1, [1], [0])),
            "bitmap" => pdf.Stream(20, $"{size}/BitsPerComponent 1/ColorSpace/DeviceGray", Bits(ink: 0)),
            "stencil" => pdf.Stream(20, $"{size}/ImageMask true", Bits(ink: 0)),
            _ => pdf.Stream(20, $"{size}/Filter/JPXDecode", "no program here reads this"),
        };
    }

    private static bool IsInk(int x, int y) => y is > 50 and < 120 && y % 4 < 2 && x % 3 == 0;

    private static byte[] Pixels(int parts, byte[] paper, byte[] ink) =>
        [.. Enumerable.Range(0, Side * Side).SelectMany(i => IsInk(i % Side, i / Side) ? ink : paper).Take(Side * Side * parts)];

    private static byte[] Bits(int ink)
    {
        var bits = new byte[Side / 8 * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            if (IsInk(i % Side, i / Side) != (ink == 0))
                bits[i / 8] |= (byte)(128 >> i % 8);
        }
        return bits;
    }

    private static RevisionChanges Judge(string page, Func<HandMadePdf, HandMadePdf> resources, string look, string rect)
    {
        var first = resources(HandMadePdf.Hello().Stream(4, "", page)
            .Object(3, "<</Type/Page/Parent 2 0 R/Resources<</XObject<</Sheet 20 0 R>>/Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>")).EndTable().ToArray();
        var signed = SignedSamples.Sign(first);
        using var before = PdfFileTests.Open(signed);
        var (form, annots) = (before.At(before.Newest).Resolve(before.Catalog["AcroForm"]), before.At(before.Newest).Pages[1]!.Dictionary["Annots"]);
        var field = before.SignatureFields[0].Field!.Value.Number;
        Assert.True(form is PdfDictionary && before.Resolve(annots) is PdfArray { Count: 2 });
        var pdf = new HandMadePdf(System.Text.Encoding.Latin1.GetString(signed))
            .Object(6, $"<</Fields[7 0 R {field} 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>")
            .Object(3, $"<</Type/Page/Parent 2 0 R/Resources<</XObject<</Sheet 20 0 R>>/Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R {field} 0 R 40 0 R]>>")
            .Object(40, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect{rect}/P 3 0 R/F 132/V 41 0 R/AP<</N 50 0 R>>>>")
            .Object(41, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<3000>>>")
            .Stream(50, "/Type/XObject/Subtype/Form/BBox[0 0 200 40]/Resources<</Font<</F 5 0 R>>/ExtGState<</Multiply<</BM/Multiply>>>>>>", look)
            .EndTable($"/Root 1 0 R/Prev {before.Newest.StartXref}");
        using var file = PdfFileTests.Open(pdf);
        return RevisionChanges.Compare(file, file.Revisions[1]);
    }
}
