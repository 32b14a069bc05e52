using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>A tagged document stays tagged when it is signed again: programs add a structure element for the new field.</summary>
public sealed class TaggedChangeTests
{
    private const string Catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/StructTreeRoot 20 0 R/MarkInfo<</Marked true>>>>";
    private const string Page = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/StructParents 0/Annots[7 0 R 24 0 R{0}]{1}>>";
    private const string Field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect[0 0 0 0]/P 3 0 R/F 132/StructParent 1/V 41 0 R>>";
    private const string Value = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<3000>>>";
    private const string Element = "<</Type/StructElem/S/Form/P 21 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 3 0 R>>>>";

    private static readonly (int, string)[] Tree =
    [
        (20, "<</Type/StructTreeRoot/K 21 0 R/ParentTree 23 0 R/ParentTreeNextKey 1>>"),
        (21, "<</Type/StructElem/S/Document/P 20 0 R/K 22 0 R>>"),
        (22, "<</Type/StructElem/S/P/P 21 0 R/Pg 3 0 R/K 0>>"),
        (23, "<</Nums[0[22 0 R]]>>"),
    ];

    private static readonly (int, string)[] SecondSignature =
    [
        (6, "<</Fields[7 0 R 24 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>"),
        (3, Of(Page, " 40 0 R", "/Tabs/S")),
        (40, Field),
        (41, Value),
        (20, "<</Type/StructTreeRoot/K 21 0 R/ParentTree 23 0 R/ParentTreeNextKey 2>>"),
        (21, "<</Type/StructElem/S/Document/P 20 0 R/K[22 0 R 42 0 R]>>"),
        (42, Element),
        (23, "<</Nums[0[22 0 R]1 42 0 R]>>"),
    ];

    [Fact]
    public void A_further_signature_brings_its_structure_element() => Expect(LaterChanges.Permitted);

    [Theory]
    [InlineData(42, "<</Type/StructElem/S/P/P 21 0 R/Pg 3 0 R/K 0>>")]
    [InlineData(42, "<</Type/StructElem/S/Form/P 21 0 R/ActualText(other words)/K<</Type/OBJR/Obj 40 0 R>>>>")]
    [InlineData(42, "<</Type/StructElem/S/Form/P 21 0 R/K<</Type/OBJR/Obj 7 0 R>>>>")]
    [InlineData(22, "<</Type/StructElem/S/P/P 21 0 R/Pg 3 0 R/K 0/ActualText(other words)>>")]
    [InlineData(21, "<</Type/StructElem/S/Document/P 20 0 R/K[42 0 R]>>")]
    [InlineData(21, "<</Type/StructElem/S/Document/P 20 0 R/K[22 0 R 42 0 R 0]>>")]
    [InlineData(23, "<</Nums[0[42 0 R]1 42 0 R]>>")]
    [InlineData(23, "<</Nums[1 42 0 R]>>")]
    [InlineData(23, "<</Nums[0[22 0 R]1 42 0 R 2 22 0 R]>>")]
    [InlineData(20, "<</Type/StructTreeRoot/K 21 0 R/ParentTree 23 0 R/RoleMap<</P/Artifact>>>>")]
    [InlineData(3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/StructParents 0/Annots[7 0 R 24 0 R 40 0 R]/Tabs/R>>")]
    public void Anything_else_in_the_structure_is_suspicious(int number, string body) => Expect(LaterChanges.Suspicious, (number, body));

    private static void Expect(LaterChanges expected, params (int Number, string Body)[] instead)
    {
        var tagged = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"), [(1, Catalog), (3, Of(Page, "", "").Replace(" 24 0 R", "", StringComparison.Ordinal)), .. Tree]));
        using var before = PdfFileTests.Open(tagged);
        Assert.Equal(new PdfRef(24, 0), before.SignatureFields[0].Field);
        using var file = PdfFileTests.Open(SignedSamples.Update(tagged, [.. SecondSignature, .. instead]));
        var changes = RevisionChanges.Compare(file, file.Revisions[2]);
        Assert.True(expected == changes.Verdict, string.Join('\n', changes.Changes));
    }

    private static string Of(string template, string a, string b) => template.Replace("{0}", a, StringComparison.Ordinal).Replace("{1}", b, StringComparison.Ordinal);
}
