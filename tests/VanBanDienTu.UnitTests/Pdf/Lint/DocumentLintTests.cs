using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Lint;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf.Lint;

public sealed class DocumentLintTests
{
    private const string Form = "<</Fields[7 0 R]";
    private const string Page = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R";
    private const string Field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[50 600 150 620]/P 3 0 R/AP<</N 8 0 R>>>>";
    private const string Second = "<</Type/Annot/Subtype/Widget/FT/Tx/T(other)/Rect[60 605 140 615]/P 3 0 R>>";

    public static TheoryData<string, string[]> Cases => new()
    {
        { LintCodes.JavaScript, ["1:" + Catalog("/OpenAction<</S/JavaScript/JS(this.print)>>")] },
        { LintCodes.JavaScript, ["1:" + Catalog("/Names<</JavaScript<</Names[(a)40 0 R]>>>>"), "40:<</S/JavaScript/JS 41 0 R>>"] },
        { LintCodes.JavaScript, ["7:" + Field[..^2] + "/AA<</F<</S/JavaScript/JS(event.value=1)>>>>>>"] },
        { LintCodes.Launch, ["3:" + Page + "/AA<</O<</S/Launch/F(a.exe)>>>>/Annots[7 0 R]>>"] },
        { LintCodes.SubmitAction, ["7:" + Field[..^2] + "/A<</S/SubmitForm/F(http://a)>>>>"] },
        { LintCodes.VisibilityAction, ["7:" + Field[..^2] + "/A<</S/Hide/T(other)>>>>"] },
        { LintCodes.EmbeddedFile, ["1:" + Catalog("/Names<</EmbeddedFiles<</Names[(a)40 0 R]>>>>"), "40:<</Type/Filespec/F(a)/EF<</F 41 0 R>>>>"] },
        { LintCodes.Multimedia, ["3:" + Page + "/Annots[7 0 R 40 0 R]>>", "40:<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>"] },
        { LintCodes.ExternalContent, ["3:" + Page + "/XO<</Subtype/Image/Length 0/Alternates[]>>/Annots[7 0 R]>>"] },
        { LintCodes.HiddenLayer, ["1:" + Catalog("/OCProperties<</OCGs[40 0 R]/D<</OFF[40 0 R]>>>>"), "40:<</Type/OCG/Name(a)>>"] },
        { LintCodes.HiddenLayer, ["1:" + Catalog("/OCProperties<</OCGs[40 0 R]/D<<>>>>"), "40:<</Type/OCG/Name(a)/Usage<</Print<</PrintState/OFF>>>>>>"] },
        { LintCodes.Layers, ["1:" + Catalog("/OCProperties<</OCGs[40 0 R]/D<<>>>>"), "40:<</Type/OCG/Name(a)>>"] },
        { LintCodes.HiddenField, ["7:" + Field[..^2] + "/F 2>>"] },
        { LintCodes.HiddenAnnotation, ["3:" + Page + "/Annots[7 0 R 40 0 R]>>", "40:<</Type/Annot/Subtype/Square/F 32/Rect[0 0 9 9]>>"] },
        { LintCodes.FieldOutsideForm, ["3:" + Page + "/Annots[7 0 R 40 0 R]>>", "40:<</Type/Annot/Subtype/Widget/FT/Tx/T(b)/Rect[0 0 9 9]>>"] },
        { LintCodes.OverlappingFields, ["6:<</Fields[7 0 R 40 0 R]>>", "3:" + Page + "/Annots[7 0 R 40 0 R]>>", "40:" + Second] },
        { LintCodes.SameFieldName, ["6:<</Fields[7 0 R 40 0 R]>>", "40:<</FT/Tx/T(amount)>>"] },
        { LintCodes.NeedAppearances, ["6:" + Form + "/NeedAppearances true>>"] },
        { LintCodes.Xfa, ["6:" + Form + "/XFA[]>>"] },
        { LintCodes.UnreachablePage, ["40:<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"] },
        { LintCodes.UnreachablePage, ["40:<</Type/Catalog/Pages 2 0 R>>"] },
    };

    [Fact]
    public void A_plain_document_has_only_a_font_that_is_not_embedded()
    {
        var finding = Assert.Single(Run(PdfFileTests.InForm("table")));
        Assert.Equal((LintCodes.FontNotEmbedded, "5 0", 1), (finding.Code, finding.Object, finding.Count));
        Assert.Contains("Helvetica", finding.Vi, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_put_into_it_is_found_and_nothing_else(string code, string[] objects)
    {
        var pdf = SignedSamples.Update(PdfFileTests.InForm("packed"), [.. objects.Select(o => o.Split(':', 2)).Select(o => (int.Parse(o[0]), o[1]))]);
        Assert.Equal(code, Assert.Single(Run(pdf), f => f.Code != LintCodes.FontNotEmbedded).Code);
    }

    [Theory]
    [InlineData("BT /F1 18 Tf 50 700 Td (Pay 100) Tj ET 1 g 40 690 200 40 re f", true)]
    [InlineData("BT /F1 18 Tf 50 700 Td (Pay 100) Tj ET q 200 0 0 40 40 690 cm BI /W 1 /H 1 /BPC 8 /CS /G ID a EI Q", true)]
    [InlineData("1 g 40 690 200 40 re f BT 0 g /F1 18 Tf 50 700 Td (Pay 100) Tj ET", false)]
    [InlineData("BT 3 Tr /F1 18 Tf 50 700 Td (Pay 100) Tj ET 1 g 40 690 200 40 re f", false)]
    [InlineData("BT /F1 18 Tf 50 700 Td (Pay 100) Tj ET 0 G 40 695 200 30 re S", false)]
    public void Text_under_what_the_page_paints_over_it_is_found(string content, bool covered)
    {
        var pdf = HandMadePdf.Hello().Stream(4, "", content).EndTable().ToArray();
        Assert.Equal(covered, Run(pdf).Any(f => f.Code == LintCodes.CoveredText));
    }

    [Fact]
    public void Bytes_after_the_end_are_a_finding_of_structure() =>
        Assert.Contains(Run([.. PdfFileTests.InForm("table"), .. "<</Type/Page>>"u8]), f => f.Code == LintCodes.Structure);

    [Fact]
    public void The_samples_have_nothing_to_be_told()
    {
        foreach (var sample in new[] { Samples.CongVan, Samples.QuyetDinh, Samples.BaoCao })
            Assert.Empty(Run(File.ReadAllBytes(sample)));
    }

    private static string Catalog(string more) => $"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{more}>>";

    private static IReadOnlyList<LintFinding> Run(byte[] pdf)
    {
        using var file = PdfFileTests.Open(pdf);
        return DocumentLint.Run(file);
    }
}
