using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Appearances;
using VanBanDienTu.Pdf.Images;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf.Appearances;

/// <summary>A PDF/A file stays one: ISO 19005-1, 6.2 to 6.5 and 6.9; ISO 19005-2, 6.2.</summary>
public sealed class ArchivalLookTests
{
    private static readonly PdfRectangle Place = new(10, 10, 110, 60);

    [Theory]
    [InlineData(null, 3, true, "DeviceRGB")]
    [InlineData("1", 3, false, "DeviceRGB")]
    [InlineData("1", 4, false, "CalRGB")]
    [InlineData("1", null, false, "CalRGB")]
    [InlineData("2", 3, true, "DeviceRGB")]
    [InlineData("3", 1, true, "CalRGB")]
    [InlineData("2", null, false, "CalRGB")]
    public void A_picture_uses_only_colours_and_transparency_that_the_file_allows(string? part, int? inks, bool soft, string colours)
    {
        var picture = PngImage.Read(new PngMaker(10, 5, 6, 8).Write((x, _, c) => c == 3 ? x * 25 : c == 0 ? 255 : 0));
        using var file = PdfFileTests.Open(Signed(part, inks, new SignaturePlaceholder { ReservedBytes = 64, Rect = Place, Look = SignatureLook.Of(picture) }));
        var view = file.At(file.Newest);
        var image = (PdfStream)Resource(view, "XObject", "I");
        Assert.Equal(colours, view.Get(image.Dictionary, "ColorSpace") is PdfArray { Count: 2 } calibrated ? ((PdfName)calibrated[0]).Value : ((PdfName)image.Dictionary["ColorSpace"]).Value);
        Assert.Equal(soft, image.Dictionary.Has("SMask"));
        Assert.Equal(!soft, image.Dictionary.Has("Mask"));
        var pixels = view.Decode(image);
        if (soft)
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(x => (byte)(x * 25)), view.Decode((PdfStream)view.Get(image.Dictionary, "SMask")).Take(10));
            Assert.Equal([255, 255, 255, 255, 0, 0], pixels[..6]); // unseen is white
        }
        else
        {
            var mask = view.Decode((PdfStream)view.Get(image.Dictionary, "Mask"));
            Assert.Equal([0b1111_1100, 0b0000_0000], mask[..2]); // painted from half opaque on
            Assert.Equal([255, 105, 105], pixels[18..21]); // 150 of 255 red, on white
        }
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("2", false)]
    [InlineData(null, false)]
    public void Even_an_unseen_field_has_a_look_where_PDF_A_1_wants_one(string? part, bool look)
    {
        using var file = PdfFileTests.Open(Signed(part, 3, new SignaturePlaceholder { ReservedBytes = 64 }));
        Assert.Equal(look, file.SignatureFields[0].FieldDictionary.Has("AP"));
    }

    [Fact]
    public void Text_is_embedded_its_colour_calibrated_and_the_metadata_untouched()
    {
        using var file = PdfFileTests.Open(Signed("1", null, new SignaturePlaceholder { ReservedBytes = 64, Rect = Place, Look = Looks.Text("Đã ký: Nguyễn Văn A") }));
        var view = file.At(file.Newest);
        Assert.IsType<PdfArray>(Resource(view, "ColorSpace", "C"));
        var font = (PdfDictionary)Resource(view, "Font", "F");
        var descendant = (PdfDictionary)view.Resolve(((PdfArray)font["DescendantFonts"])[0]);
        var descriptor = (PdfDictionary)view.Get(descendant, "FontDescriptor");
        var program = view.Decode((PdfStream)view.Get(descriptor, "FontFile2"));
        Assert.Equal(((PdfInteger)((PdfStream)view.Get(descriptor, "FontFile2")).Dictionary["Length1"]).Value, program.Length);
        Assert.NotEmpty(view.Decode((PdfStream)view.Get(descriptor, "CIDSet")));
        Assert.Equal(1, file.Revisions[0].Index);
        Assert.False(file.Newest.TryGet(9, out _)); // the metadata's object is not rewritten
        Assert.Equal(4, ((PdfInteger)file.SignatureFields[0].FieldDictionary["F"]).Value & 4); // printed
    }

    private static PdfObject Resource(PdfView view, string category, string name)
    {
        var looks = (PdfDictionary)view.Get(view.SignatureFields[0].FieldDictionary, "AP");
        var form = (PdfStream)view.Get(looks, "N");
        return view.Get((PdfDictionary)view.Get((PdfDictionary)view.Get(form.Dictionary, "Resources"), category), name);
    }

    private static byte[] Signed(string? part, int? inks, SignaturePlaceholder placeholder)
    {
        var claim = part is null ? "<x/>" : $"<rdf:Description xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'><pdfaid:part>{part}</pdfaid:part></rdf:Description>";
        var intent = inks is null ? "" : "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(x)/DestOutputProfile 10 0 R>>]";
        var pdf = new HandMadePdf()
            .Object(1, $"<</Type/Catalog/Pages 2 0 R/Metadata 9 0 R{intent}>>").Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>")
            .Object(3, "<</Type/Page/Parent 2 0 R>>").Stream(9, "/Type/Metadata/Subtype/XML", claim).Stream(10, $"/N {inks ?? 3}", "profile").EndTable();
        return SignedSamples.Sign(pdf.ToArray(), placeholder);
    }
}
