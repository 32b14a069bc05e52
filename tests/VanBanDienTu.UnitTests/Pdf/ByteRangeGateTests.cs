using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class ByteRangeGateTests
{
    [Fact]
    public void The_range_may_end_before_or_after_the_last_end_of_line()
    {
        var pdf = SignedSamples.Signed();
        foreach (var more in new[] { "", "\n", "\r\n  " })
        {
            using var file = PdfFileTests.Open([.. pdf, .. Encoding.ASCII.GetBytes(more)]);
            Assert.Equal(PdfCoverage.WholeFile, ByteRangeGate.Judge(file, file.SignatureFields[0]).Coverage);
        }
    }

    [Theory]
    [InlineData("[0 ", "[1 ", "byte-range-start")]
    [InlineData("/ByteRange[0", "/ByteRange[ ", "byte-range-count")]
    [InlineData("<3003020105", "<30030201zz", "gap-not-hex")]
    [InlineData("00000>", "00001>", "padding")]
    [InlineData("/Contents<", "/Cohtents<", "contents-missing")]
    [InlineData("/SubFilter/ETSI.CAdES.detached", "/Filter/A/Filter/A/Filter/ABCD", "duplicate-keys")]
    public void One_wrong_thing_closes_the_gate(string from, string to, string code)
    {
        using var file = PdfFileTests.Open(SignedSamples.Patch(SignedSamples.Signed(), from, to));
        var gate = ByteRangeGate.Judge(file, file.SignatureFields[0]);
        Assert.False(gate.Ok);
        Assert.Equal(code, gate.Code);
    }

    [Theory]
    [InlineData(0, 1, 0, 0, "gap-mismatch")]
    [InlineData(0, -1, 0, 0, "gap-mismatch")]
    [InlineData(0, 0, 1, -1, "gap-mismatch")]
    [InlineData(0, 0, 0, -1, "ok")] // the end of line after %%EOF is left out
    [InlineData(0, 0, 0, -2, "byte-range-end")]
    [InlineData(0, 0, 0, 1, "byte-range-bounds")]
    [InlineData(0, 0, 0, -7, "byte-range-end")]
    public void Numbers_that_are_one_off_close_the_gate(int start, int first, int second, int rest, string code)
    {
        var pdf = SignedSamples.Signed();
        var text = Encoding.Latin1.GetString(pdf);
        using var honest = PdfFileTests.Open(pdf);
        var range = honest.SignatureFields[0].Signature!.ByteRange;
        var from = $"[0 {range[1]} {range[2]} {range[3]}";
        var to = $"[{start} {range[1] + first} {range[2] + second} {range[3] + rest}".PadRight(from.Length);
        Assert.Contains(from, text, StringComparison.Ordinal);
        using var file = PdfFileTests.Open(SignedSamples.Patch(pdf, from, to[..from.Length]));
        Assert.Equal(code, ByteRangeGate.Judge(file, file.SignatureFields[0]).Code);
    }

    [Fact]
    public void A_dictionary_that_a_later_revision_overrides_is_not_the_signed_one()
    {
        var pdf = SignedSamples.Signed();
        using var before = PdfFileTests.Open(pdf);
        var field = before.SignatureFields[0];
        var faked = SignedSamples.DictionaryOf(before, field.Value!.Value.Number).Replace("/Filter", "/Reason(faked)/Filter", StringComparison.Ordinal);
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (field.Value.Value.Number, faked)));
        Assert.Equal("gap-mismatch", ByteRangeGate.Judge(file, file.SignatureFields[0]).Code);
    }

    [Fact]
    public void A_dictionary_that_only_a_later_form_reaches_is_not_in_its_own_revision()
    {
        // Signature wrapping: the signed dictionary is cut out of its field and hung into another one.
        var pdf = SignedSamples.Signed();
        using var before = PdfFileTests.Open(pdf);
        var value = before.SignatureFields[0].Value!.Value;
        using var file = PdfFileTests.Open(SignedSamples.Update(pdf, (6, "<</Fields[7 0 R 90 0 R]/SigFlags 3>>"),
            (90, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(Director)/V {value}  R/Rect[0 0 0 0]/P 3 0 R>>")));
        var gate = ByteRangeGate.Judge(file, Assert.Single(file.SignatureFields));
        Assert.Equal("not-in-own-revision", gate.Code);
    }

    [Fact]
    public void An_indirect_Contents_closes_the_gate()
    {
        var pdf = SignedSamples.Update(PdfFileTests.InForm("table"), (6, "<</Fields[7 0 R 90 0 R]/SigFlags 3>>"),
            (90, "<</Type/Annot/Subtype/Widget/FT/Sig/T(A)/V 91 0 R/Rect[0 0 0 0]/P 3 0 R>>"), (91, "<</Type/Sig/ByteRange[0 10 20 30]/Contents 92 0 R>>"), (92, "<3000>"));
        using var file = PdfFileTests.Open(pdf);
        Assert.Equal("contents-missing", ByteRangeGate.Judge(file, file.SignatureFields[0]).Code);
    }

    [Fact]
    public void A_signature_inside_an_object_stream_closes_the_gate()
    {
        var pdf = HandMadePdf.Hello().Packed(20, (6, "<</Fields[7 0 R 90 0 R]>>"), (90, "<</FT/Sig/T(A)/V<</Type/Sig/ByteRange[0 10 20 30]/Contents<3000>>>>>")).EndStream(30);
        using var file = PdfFileTests.Open(pdf);
        Assert.Equal("contents-form", ByteRangeGate.Judge(file, file.SignatureFields[0]).Code);
    }

    [Theory]
    [InlineData("3003020105", 5)]
    [InlineData("30800201050000AA", 7)]
    [InlineData("30810302010500", 6)]
    [InlineData("30823000", null)]
    [InlineData("0403020105", null)]
    public void The_length_of_the_value_is_known_in_DER_and_BER(string hex, int? length) =>
        Assert.Equal(length, DerLength.Of(Convert.FromHexString(hex)));
}
