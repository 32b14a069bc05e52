using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class SignaturePlaceholderTests
{
    private const string EmptyField = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Lãnh đạo)/Rect[100 100 250 160]/F 4/P 3 0 R{0}>>";

    public static TheoryData<string> Forms => PdfFileTests.Forms;

    [Theory]
    [MemberData(nameof(Forms))]
    public void Two_signatures_one_after_another_both_pass_the_gate(string form)
    {
        var original = PdfFileTests.InForm(form);
        var once = SignedSamples.Sign(original);
        var twice = SignedSamples.Sign(once, new SignaturePlaceholder { ReservedBytes = 64, Rect = new PdfRectangle(10, 10, 200, 80), Look = Looks.Text("Văn thư") });
        Assert.Equal(original, twice[..original.Length]);
        Assert.Equal(once, twice[..once.Length]);

        using var file = PdfFileTests.Open(twice);
        Assert.Empty(file.Findings);
        Assert.Equal(3, file.Revisions.Count);
        var (first, second) = (file.SignatureFields[0], file.SignatureFields[1]);
        Assert.Equal(("Signature1", false), (first.Name, first.Visible));
        Assert.Equal(("Signature2", true, 1), (second.Name, second.Visible, second.Page));
        var (a, b) = (ByteRangeGate.Judge(file, first), ByteRangeGate.Judge(file, second));
        Assert.Equal((true, PdfCoverage.EarlierRevision, 2), (a.Ok, a.Coverage, a.SignedRevision));
        Assert.Equal((true, PdfCoverage.WholeFile, 3), (b.Ok, b.Coverage, b.SignedRevision));
        Assert.Equal(SignedSamples.Value, first.Signature!.Cms.ToArray());
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[1], first.Signature).Verdict);
        Assert.Equal(LaterChanges.None, RevisionChanges.Compare(file, file.Revisions[2], second.Signature).Verdict);
    }

    [Theory]
    [InlineData("table", XrefKind.Table)]
    [InlineData("packed", XrefKind.Stream)]
    [InlineData("hybrid", XrefKind.Table)]
    public void The_update_takes_the_form_of_the_newest_section(string form, XrefKind kind)
    {
        using var file = PdfFileTests.Open(SignedSamples.Signed(form));
        Assert.Equal(kind, file.Newest.Kind);
        Assert.False(file.Trailer.Has("XRefStm"));
    }

    [Fact]
    public void What_the_signer_says_is_written_and_read_back()
    {
        var asked = new SignaturePlaceholder
        {
            ReservedBytes = 64, Time = new DateTimeOffset(2026, 11, 22, 9, 15, 30, TimeSpan.FromHours(7)), Reason = "Ban hành (bản chính)", Location = "Hà Nội",
            ContactInfo = "vanthu@example.vn", Name = "Nguyễn Văn A",
        };
        using var file = PdfFileTests.Open(SignedSamples.Sign(PdfFileTests.InForm("table"), asked));
        var signature = file.SignatureFields[0].Signature!;
        Assert.Equal(("Ban hành (bản chính)", "Hà Nội", "vanthu@example.vn", "Nguyễn Văn A"), (signature.Reason, signature.Location, signature.ContactInfo, signature.Name));
        Assert.Equal(("Adobe.PPKLite", "ETSI.CAdES.detached", "D:20261122091530+07'00'"), (signature.Filter, signature.SubFilter, signature.ModifiedAt));
        Assert.Equal(asked.Time, PdfDates.Read(signature.ModifiedAt));
    }

    [Fact]
    public void The_signed_bytes_are_everything_but_the_hexadecimal_string()
    {
        var pdf = PdfFileTests.InForm("table");
        using var file = PdfFileTests.Open(pdf);
        var prepared = new SignaturePlaceholder { ReservedBytes = 64 }.Prepare(file);
        using var signed = new MemoryStream();
        using var written = new MemoryStream();
        prepared.WriteTo(written, part => signed.Write(part));
        prepared.Fill(written, SignedSamples.Value);
        var all = written.ToArray();
        var gap = prepared.Contents;
        Assert.Equal([.. all[..(int)gap.Start], .. all[(int)gap.End..]], signed.ToArray());
        Assert.Equal("<3003020105000", Encoding.ASCII.GetString(all, (int)gap.Start, 14));
        Assert.Equal(130, gap.Length);
        Assert.Equal([0, gap.Start, gap.End, all.Length - gap.End], prepared.ByteRange);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_refused_before_anything_is_overwritten()
    {
        using var file = PdfFileTests.Open(PdfFileTests.InForm("table"));
        var prepared = new SignaturePlaceholder { ReservedBytes = 4 }.Prepare(file);
        Assert.Equal(PdfFault.CannotWrite, Assert.Throws<PdfException>(() => prepared.Fill(SignedSamples.Value)).Fault);
    }

    [Fact]
    public void An_invisible_signature_grows_the_file_by_little()
    {
        using var file = PdfFileTests.Open(PdfFileTests.InForm("table"));
        var prepared = new SignaturePlaceholder { Time = DateTimeOffset.UnixEpoch, Reason = "Ban hành" }.Prepare(file);
        Assert.InRange(prepared.Update.Length - prepared.Contents.Length, 1, 2048);
    }

    [Fact]
    public void An_existing_empty_field_is_filled_and_gets_an_appearance()
    {
        var pdf = WithField("");
        var signed = SignedSamples.Sign(pdf, new SignaturePlaceholder { FieldName = "Lãnh đạo", ReservedBytes = 64, Look = Looks.Text("Đã ký") });
        using var file = PdfFileTests.Open(signed);
        var field = Assert.Single(file.SignatureFields);
        Assert.True(ByteRangeGate.Judge(file, field).Ok);
        Assert.True(field.FieldDictionary.Has("AP"));
        Assert.Equal(new PdfRectangle(100, 100, 250, 160), field.Rect);
        Assert.Equal(PdfFault.CannotWrite, Assert.Throws<PdfException>(() => SignedSamples.Sign(signed, new SignaturePlaceholder { FieldName = "Lãnh đạo" })).Fault);
    }

    [Fact]
    public void A_lock_in_the_field_becomes_the_signatures_FieldMDP()
    {
        var pdf = WithField("/Lock<</Type/SigFieldLock/Action/Include/Fields[(amount)]>>");
        using var file = PdfFileTests.Open(SignedSamples.Sign(pdf, new SignaturePlaceholder { FieldName = "Lãnh đạo", ReservedBytes = 64 }));
        var locked = file.SignatureFields[0].Signature!.FieldMdp!;
        Assert.True(locked.Covers("amount"));
        Assert.True(locked.Covers("amount.part"));
        Assert.False(locked.Covers("amounts"));
    }

    [Fact]
    public void A_field_of_another_kind_or_a_missing_page_is_refused()
    {
        var pdf = PdfFileTests.InForm("table");
        Assert.Equal(PdfFault.CannotWrite, Assert.Throws<PdfException>(() => SignedSamples.Sign(pdf, new SignaturePlaceholder { FieldName = "amount" })).Fault);
        Assert.Equal(PdfFault.CannotWrite, Assert.Throws<PdfException>(() => SignedSamples.Sign(pdf, new SignaturePlaceholder { Page = 2 })).Fault);
    }

    [Fact]
    public void A_certification_that_permits_nothing_refuses_a_further_signature()
    {
        var signature = "<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]>>";
        var pdf = SignedSamples.Update(WithField(""), (10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(A)/V 11 0 R/Rect[0 0 0 0]>>"), (11, signature));
        Assert.Contains("A", Assert.Throws<PdfException>(() => SignedSamples.Sign(pdf)).En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<</Type/Catalog/Pages 2 0 R>>", "/Annots[7 0 R]")]
    [InlineData("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>", "")]
    [InlineData("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 9 0 R/SigFlags 1>>>>", "/Annots 10 0 R")]
    [InlineData("<</Type/Catalog/Pages 2 0 R/AcroForm 11 0 R>>", "/Annots null")]
    public void Form_and_annotations_are_extended_where_they_stand(string catalog, string annotations)
    {
        var pdf = new HandMadePdf().Object(1, catalog).Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>").Object(3, $"<</Type/Page/Parent 2 0 R{annotations}>>")
            .Object(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Signature1)/Rect[0 0 9 9]>>").Object(9, "[7 0 R]").Object(10, "[7 0 R]").Object(11, "<</Fields 9 0 R/SigFlags 3>>").EndTable();
        using var file = PdfFileTests.Open(SignedSamples.Sign(pdf.ToArray()));
        var field = Assert.Single(file.SignatureFields);
        Assert.True(ByteRangeGate.Judge(file, field).Ok);
        Assert.Equal(1, field.Page);
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(file, file.Revisions[0]).Verdict);
    }

    [Fact]
    public void A_damaged_file_is_not_appended_to()
    {
        var broken = SignedSamples.Patch(PdfFileTests.InForm("table"), "startxref\n", "startxref9");
        Assert.Equal(PdfFault.CannotWrite, Assert.Throws<PdfException>(() => SignedSamples.Sign(broken)).Fault);
    }

    private static byte[] WithField(string more)
    {
        var field = EmptyField.Replace("{0}", more, StringComparison.Ordinal).Replace("(Lãnh đạo)", "<FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes("Lãnh đạo")) + ">", StringComparison.Ordinal);
        return SignedSamples.Update(PdfFileTests.InForm("table"), (6, "<</Fields[7 0 R 10 0 R]>>"), (10, field),
            (3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 10 0 R]>>"));
    }
}
