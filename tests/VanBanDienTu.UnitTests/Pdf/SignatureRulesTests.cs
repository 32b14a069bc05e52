using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class SignatureRulesTests
{
    private const string EmptyField = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Boss)/Rect[100 100 250 160]/F 4/P 3 0 R{0}>>";
    private static readonly PdfRectangle Place = new(10, 10, 200, 80);

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, true)]
    [InlineData(3, true, true)]
    public void A_certification_says_what_may_follow_and_the_catalogue_names_it(int level, bool mayFill, bool maySign)
    {
        var pdf = Sign(PdfFileTests.InForm("table"), p => p with { Certify = level });
        using (var file = PdfFileTests.Open(pdf))
        {
            Assert.Equal(level, file.SignatureFields.Single().Signature!.DocMdp);
            var perms = (PdfDictionary)file.Resolve(file.Catalog["Perms"]);
            Assert.Equal(file.SignatureFields[0].Value, ((PdfReference)perms["DocMDP"]).Target);
        }
        Assert.Equal(mayFill, Filled(pdf) == LaterChanges.Permitted);
        if (maySign)
            Assert.Equal(LaterChanges.Permitted, FirstAfter(Sign(pdf)));
        else
            Assert.Contains("no further change", Refusal(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_first_signature_can_certify()
    {
        Assert.Contains("must be the first", Refusal(Sign(PdfFileTests.InForm("table")), p => p with { Certify = 2 }), StringComparison.Ordinal);
        Assert.Contains("1, 2 or 3", Refusal(PdfFileTests.InForm("table"), p => p with { Certify = 4 }), StringComparison.Ordinal);
        var announced = SignedSamples.Update(PdfFileTests.InForm("table"), (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP<</Type/Sig>>>>>>"));
        Assert.Contains("already", Refusal(announced, p => p with { Certify = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certification_that_only_the_catalogue_reaches_forbids_too()
    {
        var pdf = SignedSamples.Update(PdfFileTests.InForm("table"),
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 12 0 R>>>>"), (12, "<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]>>"));
        Assert.Contains("certification permits no further change", Refusal(pdf), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("All", "", false)]
    [InlineData("Include", "amount", false)]
    [InlineData("Exclude", "amount", true)]
    public void A_lock_is_written_into_the_field_and_the_signature_and_the_locked_fields_may_not_be_filled(string action, string names, bool mayFill)
    {
        var locked = new PdfFieldLock(action, names.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var pdf = Sign(PdfFileTests.InForm("packed"), p => p with { Lock = locked });
        using (var file = PdfFileTests.Open(pdf))
        {
            var field = file.SignatureFields.Single();
            foreach (var written in new[] { field.Lock!, field.Signature!.FieldMdp! })
                Assert.Equal((action, names), (written.Action, string.Join(',', written.Fields)));
        }
        Assert.Equal(mayFill, Filled(pdf) == LaterChanges.Permitted);
    }

    [Fact]
    public void A_lock_on_a_field_that_does_not_exist_is_a_mistake_and_is_said()
    {
        Assert.Contains("'amounts'", Refusal(PdfFileTests.InForm("table"), p => p with { Lock = new PdfFieldLock("Include", ["amounts"]) }), StringComparison.Ordinal);
        Assert.Contains("its own lock", Refusal(WithField("/Lock<</Action/All>>"), p => p with { FieldName = "Boss", Lock = new PdfFieldLock("All", []) }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_an_earlier_signature_locked_is_not_signed_but_a_new_one_can_be_made()
    {
        var pdf = Sign(WithField(""), p => p with { Lock = new PdfFieldLock("All", []) });
        Assert.Contains("'Boss' was locked by the signature 'Signature1'", Refusal(pdf, p => p with { FieldName = "Boss" }), StringComparison.Ordinal);
        Assert.Equal(LaterChanges.Permitted, FirstAfter(Sign(pdf)));
    }

    [Theory]
    [InlineData("/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>", "adbe.pkcs7.detached")]
    [InlineData("/SV<</Ff 8/Reasons[(Approved)(Seen)]>>", "Approved; Seen")]
    [InlineData("/SV<</MDP<</P 2>>>>", "certification of level 2")]
    public void What_the_field_requires_of_its_signature_is_kept_or_said(string seed, string word) =>
        Assert.Contains(word, Refusal(WithField(seed), p => p with { FieldName = "Boss", Reason = "Other" }), StringComparison.Ordinal);

    [Fact]
    public void A_signature_that_meets_its_fields_requirements_is_made()
    {
        var pdf = Sign(WithField("/SV<</Ff 10/SubFilter[/ETSI.CAdES.detached]/Reasons[(Seen)]/MDP<</P 3>>>>"), p => p with { FieldName = "Boss", Reason = "Seen", Certify = 3 });
        using var file = PdfFileTests.Open(pdf);
        Assert.Equal(3, file.SignatureFields.Single().Signature!.DocMdp);
    }

    [Theory]
    [InlineData("cong-van")]
    [InlineData("bao-cao")]
    public void In_a_tagged_document_the_first_visible_signature_has_its_structure_element_and_the_second_leaves_the_tree_alone(string sample)
    {
        var pdf = File.ReadAllBytes(Path.Combine(Samples.Root, "samples", sample + ".pdf"));
        var once = Sign(pdf, p => p with { Rect = Place });
        using (var file = PdfFileTests.Open(once))
        {
            var field = file.SignatureFields.Single();
            var key = ((PdfInteger)field.FieldDictionary["StructParent"]).Value;
            var tree = (PdfDictionary)file.Resolve(file.Catalog["StructTreeRoot"]);
            Assert.Equal(key + 1, ((PdfInteger)tree["ParentTreeNextKey"]).Value);
            var numbers = ((PdfArray)file.Resolve(((PdfDictionary)file.Resolve(tree["ParentTree"]))["Nums"])).Items;
            Assert.Equal(key, ((PdfInteger)numbers[^2]).Value);
            var element = (PdfDictionary)file.Resolve(numbers[^1]);
            Assert.Equal("Form", ((PdfName)element["S"]).Value);
            Assert.Equal(field.Field, ((PdfReference)((PdfDictionary)element["K"])["Obj"]).Target);
            var top = (PdfDictionary)file.Resolve(element["P"]);
            Assert.Equal(((PdfReference)numbers[^1]).Target, ((PdfReference)((PdfArray)file.Resolve(top["K"])).Items[^1]).Target);
        }
        var twice = Sign(once, p => p with { Rect = Place });
        Assert.Equal(LaterChanges.Permitted, FirstAfter(twice));
        using var second = PdfFileTests.Open(twice);
        Assert.False(second.SignatureFields[1].FieldDictionary.Has("StructParent"));
    }

    [Fact]
    public void A_parent_tree_of_several_levels_grows_at_its_end()
    {
        var pdf = new HandMadePdf()
            .Object(1, "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 4 0 R>>")
            .Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>").Object(3, "<</Type/Page/Parent 2 0 R>>")
            .Object(4, "<</Type/StructTreeRoot/K 5 0 R/ParentTree 6 0 R>>").Object(5, "<</Type/StructElem/S/Document/P 4 0 R>>")
            .Object(6, "<</Kids[7 0 R 8 0 R]>>").Object(7, "<</Limits[0 1]/Nums[0 5 0 R 1 5 0 R]>>").Object(8, "<</Limits[4 9]/Kids[9 0 R]>>").Object(9, "<</Limits[4 9]/Nums[4 5 0 R 9 5 0 R]>>").EndTable();
        using var file = PdfFileTests.Open(Sign(pdf.ToArray(), p => p with { Rect = Place }));
        Assert.Contains("/Limits[4 10]/Nums[4 5 0 R 9 5 0 R 10 ", SignedSamples.DictionaryOf(file, 9), StringComparison.Ordinal);
        Assert.Contains("/Limits[4 10]", SignedSamples.DictionaryOf(file, 8), StringComparison.Ordinal);
        Assert.DoesNotContain("Limits", SignedSamples.DictionaryOf(file, 6), StringComparison.Ordinal);
        Assert.Contains("/K[", SignedSamples.DictionaryOf(file, 5), StringComparison.Ordinal);
    }

    private static byte[] Sign(byte[] pdf, Func<SignaturePlaceholder, SignaturePlaceholder>? how = null)
    {
        var plain = new SignaturePlaceholder { ReservedBytes = 64 };
        return SignedSamples.Sign(pdf, how is null ? plain : how(plain));
    }

    private static string Refusal(byte[] pdf, Func<SignaturePlaceholder, SignaturePlaceholder>? how = null)
    {
        var refused = Assert.Throws<PdfException>(() => Sign(pdf, how));
        Assert.Equal(PdfFault.CannotWrite, refused.Fault);
        return refused.En;
    }

    /// <summary>What the first signature says of all that followed it.</summary>
    private static LaterChanges FirstAfter(byte[] pdf)
    {
        using var file = PdfFileTests.Open(pdf);
        var first = file.SignatureFields.First(f => f.Signature is not null);
        return RevisionChanges.Compare(file, file.Revisions[ByteRangeGate.Judge(file, first).SignedRevision!.Value - 1], first.Signature).Verdict;
    }

    /// <summary>The same after the text field «amount» was filled in.</summary>
    private static LaterChanges Filled(byte[] pdf) =>
        FirstAfter(SignedSamples.Update(pdf, (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(200)/Rect[50 600 150 620]/P 3 0 R>>")));

    private static byte[] WithField(string more) => SignedSamples.Update(PdfFileTests.InForm("table"), (6, "<</Fields[7 0 R 10 0 R]>>"),
        (10, EmptyField.Replace("{0}", more, StringComparison.Ordinal)), (3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 10 0 R]>>"));
}
