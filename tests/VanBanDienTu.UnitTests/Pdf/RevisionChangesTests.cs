using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class RevisionChangesTests
{
    private const string Page = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 9 0 R{0}]{1}>>";
    private const string Amount = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V({0})/Rect[50 600 150 620]/P 3 0 R/AP<</N {1} 0 R>>{2}>>";
    private const string Look = "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]>>";

    // The signed sample: field 9 is the signature, 10 its value (see SignaturePlaceholder); new objects in these tests are numbered from 40.

    [Fact]
    public void The_numbers_these_tests_rely_on_are_so()
    {
        using var file = PdfFileTests.Open(SignedSamples.Signed());
        Assert.Equal((new PdfRef(9, 0), new PdfRef(10, 0)), (file.SignatureFields[0].Field!.Value, file.SignatureFields[0].Value!.Value));
    }

    [Fact]
    public void Filling_a_field_together_with_its_appearance_is_form_filling()
    {
        var change = Assert.Single(Judge(LaterChanges.Permitted, (7, Form(Amount, "999", "40", "")), (40, Look)));
        Assert.Equal((ChangeClass.FormFill, "amount", "7 0"), (change.Class, change.Field, change.Object));
    }

    [Fact]
    public void An_appearance_that_changes_while_the_value_stays_is_suspicious() =>
        Refused("7 0", (7, Form(Amount, "100", "40", "")), (40, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<<>>>>"));

    [Fact]
    public void The_appearance_stream_itself_must_stay_while_the_value_stays() =>
        RefusedRaw("8 0", pdf => pdf.Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "BT (900) Tj ET"));

    [Fact]
    public void The_same_appearance_written_again_is_no_change() =>
        Assert.Equal(LaterChanges.Permitted, Append(pdf => pdf.Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "BT (100) Tj ET")).Verdict);

    [Fact]
    public void The_same_appearance_compressed_is_no_change() =>
        Assert.Equal(LaterChanges.Permitted, Append(pdf => pdf.Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Filter/FlateDecode", HandMadePdf.Deflate("BT (100) Tj ET"u8.ToArray()))).Verdict);

    [Fact]
    public void Page_content_that_changes_is_suspicious() => RefusedRaw("4 0", pdf => pdf.Stream(4, "", "BT /F1 18 Tf 50 700 Td (Goodbye) Tj ET"));

    [Fact]
    public void A_moved_field_is_suspicious() => Refused("7 0", (7, Form(Amount, "100", "8", "").Replace("[50 600", "[50 700", StringComparison.Ordinal)));

    [Fact]
    public void A_moved_field_is_suspicious_even_when_it_is_filled() =>
        Refused("7 0", (7, Form(Amount, "999", "40", "").Replace("[50 600", "[50 700", StringComparison.Ordinal)), (40, Look));

    [Fact]
    public void A_new_font_under_the_same_name_is_suspicious() => Refused("5 0", (5, "<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"));

    [Fact]
    public void A_new_page_is_suspicious() =>
        Refused("2 0", (2, "<</Type/Pages/Kids[3 0 R 40 0 R]/Count 2/MediaBox[0 0 600 800]>>"), (40, "<</Type/Page/Parent 2 0 R>>"));

    [Fact]
    public void Another_page_in_the_place_of_one_is_suspicious() =>
        Refused("40 0", (2, "<</Type/Pages/Kids[40 0 R]/Count 1/MediaBox[0 0 600 800]>>"), (40, Form(Page, "", "")));

    [Theory]
    [InlineData("/OpenAction 40 0 R")]
    [InlineData("/OCProperties 40 0 R")]
    [InlineData("/Names<</JavaScript 40 0 R>>")]
    [InlineData("/AA<<>>")]
    public void A_new_catalogue_entry_is_suspicious(string entry) =>
        Refused("1 0", (1, $"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{entry}>>"), (40, "<</S/JavaScript>>"));

    [Theory]
    [InlineData("<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(x)>>")]
    [InlineData("<</Type/Annot/Subtype/Widget/FT/Tx/T(over)/Rect[0 0 600 800]>>")]
    public void A_new_annotation_on_a_page_is_suspicious(string annotation) => Refused("40 0", (3, Form(Page, " 40 0 R", "")), (40, annotation));

    [Fact]
    public void A_removed_annotation_is_suspicious() => Refused("3 0", (3, Form(Page, "", "").Replace("7 0 R ", "", StringComparison.Ordinal)));

    [Fact]
    public void A_new_field_that_is_no_signature_is_suspicious() =>
        Refused("40 0", (6, "<</Fields[7 0 R 9 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>"), (40, "<</Type/Annot/Subtype/Widget/FT/Tx/T(b)/Rect[0 0 9 9]>>"));

    [Theory]
    [InlineData("/A<</S/JavaScript/JS(x)>>/Rect[0 0 0 0]")]
    [InlineData("/OC 41 0 R/Rect[0 0 9 9]")]
    [InlineData("/Rect[0 0 600 800]")]
    public void A_new_signature_field_that_acts_hides_or_covers_the_page_is_suspicious(string more) =>
        Refused("40 0", (6, "<</Fields[7 0 R 9 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>"), (3, Form(Page, " 40 0 R", "")),
            (40, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(b)/P 3 0 R/V 41 0 R{more}>>"), (41, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<3000>>>"));

    [Fact]
    public void A_number_that_meant_something_may_not_become_a_signature_field()
    {
        // The page's content would vanish: object 4 is a field now.
        Refused("4 0", (6, "<</Fields[7 0 R 9 0 R 4 0 R]/DA(/F1 0 Tf)/SigFlags 3>>"), (4, "<</Type/Annot/Subtype/Widget/FT/Sig/T(b)/P 3 0 R/V 41 0 R/Rect[0 0 0 0]>>"),
            (41, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<3000>>>"));
    }

    [Fact]
    public void Kids_of_the_page_tree_may_not_borrow_an_array_that_content_uses()
    {
        var pdf = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"), (50, "[4 0 R]"),
            (3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 50 0 R/Annots[7 0 R]>>")));
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (50, "[3 0 R]"), (2, "<</Type/Pages/Kids 50 0 R/Count 1/MediaBox[0 0 600 800]>>")));
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    [Fact]
    public void Resources_that_a_page_shares_with_the_form_may_not_grow()
    {
        var pdf = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"), (6, "<</Fields[7 0 R]/DR 50 0 R>>"), (50, "<</XObject<<>>>>"),
            (3, "<</Type/Page/Parent 2 0 R/Resources 50 0 R/Contents 4 0 R/Annots[7 0 R]>>")));
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (50, "<</XObject<</Hidden 8 0 R>>>>")));
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    [Fact]
    public void A_button_does_not_change_its_look_by_getting_a_value()
    {
        var button = "<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(amount){0}/Rect[50 600 150 620]/P 3 0 R/AP<</N {1} 0 R>>>>";
        var pdf = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"), (7, Form(button, "", "8"))));
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (7, Form(button, "/V/On", "40")), (40, Look)));
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    [Fact]
    public void An_empty_field_that_covers_the_page_may_not_be_filled_after_a_signature()
    {
        var field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(big)/Rect[0 0 600 790]/P 3 0 R{0}>>";
        var pdf = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"), (6, "<</Fields[7 0 R 50 0 R]>>"), (50, Form(field, "", "")),
            (3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 50 0 R]>>")));
        using var file = PdfFileTests.Open(SignedSamples.Sign(pdf, new SignaturePlaceholder { FieldName = "big", ReservedBytes = 64 }));
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    [Fact]
    public void An_earlier_signatures_dictionary_may_not_change() => Refused("10 0", (10, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<3000>/Reason(other)>>"));

    [Fact]
    public void An_earlier_signature_may_not_be_removed() => Refused("9 0", (9, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/Rect[0 0 0 0]/F 132/P 3 0 R>>"));

    [Fact]
    public void A_form_that_asks_readers_to_draw_anew_is_suspicious() =>
        Refused("6 0", (6, "<</Fields[7 0 R 9 0 R]/DA(/F1 0 Tf)/SigFlags 3/NeedAppearances true>>"));

    [Fact]
    public void A_document_security_store_and_its_rewriting_are_permitted()
    {
        var once = SignedSamples.Update(SignedSamples.Signed(), (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 40 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>>>"),
            (40, "<</Certs[8 0 R]/VRI<</ABC<</Cert[8 0 R]/TU(D:2026)>>>>>>"));
        using var file = PdfFileTests.Open(SignedSamples.Update(once, (40, "<</Type/DSS/Certs[8 0 R]/OCSPs[8 0 R]>>")));
        var changes = RevisionChanges.Compare(file, file.Revisions[1]);
        Assert.Equal(LaterChanges.Permitted, changes.Verdict);
        Assert.All(changes.Changes, c => Assert.Equal(ChangeClass.Ltv, c.Class));
        Assert.Equal([3, 4], changes.Changes.Select(c => c.Revision).Distinct());
    }

    [Fact]
    public void A_security_store_that_holds_something_else_is_suspicious() =>
        Refused("40 0", (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 40 0 R>>"), (40, "<</Certs[8 0 R]/JS<</S/JavaScript>>>>"));

    [Fact]
    public void A_document_timestamp_counts_as_long_term_material()
    {
        var pdf = SignedSamples.Sign(SignedSamples.Signed(), new SignaturePlaceholder { Type = "DocTimeStamp", SubFilter = "ETSI.RFC3161", ReservedBytes = 64 });
        using var file = PdfFileTests.Open(pdf);
        Assert.Contains(RevisionChanges.Compare(file, file.Revisions[1]).Changes, c => c is { Class: ChangeClass.Ltv, Field: "Signature2" });
    }

    [Theory]
    [InlineData("", ChangeClass.Ltv)]
    [InlineData("0 0 200 40 re S", ChangeClass.Signature)]
    [InlineData("BT /F1 9 Tf 0 0 Td (Approved) Tj ET", ChangeClass.Signature)]
    public void A_document_timestamp_that_is_seen_is_what_a_certification_forbids(string content, ChangeClass expected)
    {
        var changes = Append(pdf => pdf.Object(6, "<</Fields[7 0 R 9 0 R 40 0 R]/DA(/F1 0 Tf)/SigFlags 3>>").Object(3, Form(Page, " 40 0 R", ""))
            .Object(40, "<</Type/Annot/Subtype/Widget/FT/Sig/T(stamp)/Rect[300 690 500 730]/P 3 0 R/F 132/V 41 0 R/AP<</N 42 0 R>>>>")
            .Object(41, "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<3000>>>")
            .Stream(42, "/Type/XObject/Subtype/Form/BBox[0 0 200 40]/Resources<</Font<</F1 5 0 R>>>>", content));
        Assert.Equal((LaterChanges.Permitted, expected), (changes.Verdict, Assert.Single(changes.Changes, c => c.Field == "stamp").Class));
    }

    [Theory]
    [InlineData("(100)", "100", LaterChanges.Permitted)]
    [InlineData("(1000000)", "1.000.000", LaterChanges.Permitted)]
    [InlineData("(100)", "", LaterChanges.Permitted)]
    [InlineData("(100)", "900", LaterChanges.Suspicious)]
    [InlineData("(100)", "1000", LaterChanges.Suspicious)]
    public void A_form_that_no_longer_asks_to_be_drawn_anew_shows_the_values_that_were_signed(string value, string shown, LaterChanges expected)
    {
        const string Widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V{0}/Rect[50 600 150 620]/P 3 0 R/AP<</N 8 0 R>>>>";
        using var before = PdfFileTests.Open(PdfFileTests.InForm("table"));
        var asking = new HandMadePdf(Encoding.Latin1.GetString(PdfFileTests.InForm("table"))).Object(6, "<</Fields[7 0 R]/DA(/F1 0 Tf)/NeedAppearances true>>").Object(7, Form(Widget, value, ""))
            .Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>", $"BT /F1 9 Tf ({shown}) Tj ET").EndTable($"/Root 1 0 R/Prev {before.Newest.StartXref}").ToArray();
        var signed = SignedSamples.Sign(asking);
        using var file = PdfFileTests.Open(SignedSamples.Update(signed, (6, "<</Fields[7 0 R 9 0 R]/DA(/F1 0 Tf)/SigFlags 3>>")));
        Assert.Equal(expected, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    [Fact]
    public void What_a_page_inherits_may_be_written_on_it_as_iText_does() =>
        Judge(LaterChanges.Permitted, (3, Form(Page, "", "/MediaBox[0 0 600 800]")));

    [Fact]
    public void Another_size_of_page_is_suspicious() => Refused("3 0", (3, Form(Page, "", "/MediaBox[0 0 600 900]")));

    [Theory]
    [InlineData("/Root 1 0 R/AdditionalStreams[/application 90 0 R]", LaterChanges.Permitted)]
    [InlineData("/Root 1 0 R/AdditionalStreams[/application 4 0 R]", LaterChanges.Suspicious)]
    [InlineData("/Root 1 0 R/Strange 5 0 R", LaterChanges.Suspicious)]
    public void A_new_trailer_entry_is_allowed_only_when_it_names_nothing(string trailer, LaterChanges verdict) =>
        Assert.Equal(verdict, Append(pdf => pdf.Object(40, "<<>>"), trailer).Verdict);

    [Fact]
    public void Metadata_and_document_information_may_be_updated()
    {
        var changes = Append(pdf => pdf.Object(40, "<</Title(x)/ModDate(D:2026)>>"), "/Root 1 0 R/Info 40 0 R");
        Assert.Equal((LaterChanges.Permitted, ChangeClass.Metadata), (changes.Verdict, changes.Changes[0].Class));
    }

    [Fact]
    public void A_dangling_reference_of_the_signed_document_may_not_come_alive()
    {
        // Prepared before signing: the page shows a picture that does not exist yet.
        var prepared = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"),
            (3, "<</Type/Page/Parent 2 0 R/Resources<</XObject<</I 77 0 R>>/Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>")));
        using var file = PdfFileTests.Open(SignedSamples.Update(prepared, (77, "<</Type/XObject>>")));
        var changes = RevisionChanges.Compare(file, file.Revisions[2]);
        Assert.Contains(changes.Changes, c => c is { Allowed: false, Object: "77 0" });
    }

    [Fact]
    public void A_slot_that_is_pointed_to_an_older_object_is_suspicious()
    {
        // Hide and replace: no new bytes for the content, only a cross-reference entry that picks other bytes of the signed part.
        var pdf = HandMadePdf.Hello().Stream(31, "", "BT (Pay me) Tj ET").EndTable().ToArray();
        var signed = SignedSamples.Sign(pdf);
        var other = Encoding.Latin1.GetString(pdf).IndexOf("31 0 obj", StringComparison.Ordinal);
        var section = signed.Length;
        using var before = PdfFileTests.Open(signed);
        var update = $"xref\n4 1\n{other:D10} 00000 n\r\ntrailer\n<</Root 1 0 R/Size 50/Prev {before.Newest.StartXref}>>\nstartxref\n{section}\n%%EOF\n";
        using var file = PdfFileTests.Open([.. signed, .. Encoding.ASCII.GetBytes(update)]);
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[1]).Verdict);
    }

    [Fact]
    public void Objects_that_no_cross_reference_lists_are_suspicious()
    {
        var pdf = SignedSamples.Update(SignedSamples.Signed(), (40, "<<>>"));
        var hidden = Encoding.Latin1.GetString(pdf).Replace("40 0 obj\n<<>>", "4 0 obj\n(x)endobj\n40 0 obj\n<<>>", StringComparison.Ordinal);
        using var file = PdfFileTests.Open(FixOffsets(hidden, "4 0 obj\n(x)endobj\n"));
        Assert.Contains(RevisionChanges.Compare(file, file.Revisions[1]).Changes, c => !c.Allowed && c.Object.StartsWith("offset ", StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_after_the_last_revision_are_suspicious_unless_they_are_signed()
    {
        using var file = PdfFileTests.Open([.. SignedSamples.Signed(), .. "4 0 obj\n(evil)\nendobj\n"u8]);
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Newest, file.SignatureFields[0].Signature).Verdict);
    }

    [Fact]
    public void An_update_may_begin_on_the_line_of_the_end_before_it()
    {
        var glued = Encoding.Latin1.GetString(SignedSamples.Signed()).TrimEnd('\n');
        using var before = PdfFileTests.Open(Encoding.Latin1.GetBytes(glued));
        using var file = PdfFileTests.Open(new HandMadePdf(glued).Object(40, "<<>>").EndTable($"/Root 1 0 R/Prev {before.Newest.StartXref}").Object(41, "<<>>").EndTable().ToArray());
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[0]).Verdict);
    }

    [Fact]
    public void Rules_that_the_signature_set_narrow_what_is_permitted()
    {
        var filled = SignedSamples.Update(SignedSamples.Signed(), (7, Form(Amount, "999", "40", "")), (40, Look));
        using var file = PdfFileTests.Open(filled);
        var signature = file.SignatureFields[0].Signature!;
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[1], signature with { DocMdp = 2 }).Verdict);
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[1], signature with { DocMdp = 1 }).Verdict);
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[1], signature with { FieldMdp = new("Include", ["other"]) }).Verdict);
        Assert.Equal(LaterChanges.Suspicious, RevisionChanges.Compare(file, file.Revisions[1], signature with { FieldMdp = new("All", []) }).Verdict);
    }

    [Fact]
    public void Objects_that_refer_to_each_other_in_circles_are_compared_to_an_end()
    {
        var pdf = SignedSamples.Sign(SignedSamples.Update(PdfFileTests.InForm("table"),
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Outlines 50 0 R>>"), (50, "<</First 51 0 R>>"), (51, "<</Next 52 0 R/Parent 50 0 R>>"), (52, "<</Prev 51 0 R/Next 51 0 R>>")));
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (52, "<</Prev 51 0 R/Next<</Next 52 0 R/Parent 50 0 R>>>>")));
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[2]).Verdict);
    }

    private static string Form(string template, string a, string b, string c = "") =>
        template.Replace("{0}", a, StringComparison.Ordinal).Replace("{1}", b, StringComparison.Ordinal).Replace("{2}", c, StringComparison.Ordinal);

    private static IReadOnlyList<RevisionChange> Judge(LaterChanges verdict, params (int, string)[] update)
    {
        using var file = PdfFileTests.Open(SignedSamples.Update(SignedSamples.Signed(), update));
        var changes = RevisionChanges.Compare(file, file.Revisions[1]);
        Assert.True(verdict == changes.Verdict, string.Join('\n', changes.Changes));
        return changes.Changes;
    }

    private static void Refused(string named, params (int, string)[] update) =>
        Assert.Contains(Judge(LaterChanges.Suspicious, update), c => !c.Allowed && c.Object == named && c.Revision == 3);

    private static RevisionChanges Append(Func<HandMadePdf, HandMadePdf> update, string trailer = "/Root 1 0 R")
    {
        var signed = SignedSamples.Signed();
        using var before = PdfFileTests.Open(signed);
        var later = update(new HandMadePdf(Encoding.Latin1.GetString(signed))).EndTable($"{trailer}/Prev {before.Newest.StartXref}");
        using var file = PdfFileTests.Open(later);
        return RevisionChanges.Compare(file, file.Revisions[1]);
    }

    private static void RefusedRaw(string named, Func<HandMadePdf, HandMadePdf> update)
    {
        var changes = Append(update);
        Assert.Equal(LaterChanges.Suspicious, changes.Verdict);
        Assert.Contains(changes.Changes, c => !c.Allowed && c.Object == named);
    }

    /// <summary>The bytes with offsets behind the inserted text moved on.</summary>
    private static byte[] FixOffsets(string text, string inserted)
    {
        var table = text.LastIndexOf("xref\n40 1\n", StringComparison.Ordinal);
        var place = text.LastIndexOf("40 0 obj", StringComparison.Ordinal);
        var start = text.LastIndexOf("startxref\n", StringComparison.Ordinal);
        Assert.True(inserted.Length < place && place < table && table < start);
        return Encoding.Latin1.GetBytes(text[..table] + $"xref\n40 1\n{place:D10}" + text[(table + 20)..start] + $"startxref\n{table}\n%%EOF\n");
    }
}
