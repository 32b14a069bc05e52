using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class PdfParserTests
{
    [Theory]
    [InlineData("(a\\(b\\)c)", "a(b)c")]
    [InlineData("(nested (pair) kept)", "nested (pair) kept")]
    [InlineData("(\\101\\7z\\053)", "A\az+")]
    [InlineData("(line\\\nbreak)", "linebreak")]
    [InlineData("(cr\r\nlf)", "cr\nlf")]
    [InlineData("<48656C6C6f>", "Hello")]
    [InlineData("<48 65\n6C6C6F>", "Hello")]
    [InlineData("<4>", "@")]
    public void Strings_are_decoded_as_the_standard_says(string written, string meant) =>
        Assert.Equal(meant, Assert.IsType<PdfString>(Parse(written)).Text);

    [Fact]
    public void Text_strings_may_be_UTF_16_and_UTF_8()
    {
        Assert.Equal("Số 1", ((PdfString)Parse("<FEFF0053 1ED1 0020 0031>")).Text);
        Assert.Equal("Số", new PdfString([0xEF, 0xBB, 0xBF, .. "Số"u8]).Text);
        Assert.Equal("Số", PdfString.FromText("Số").Text);
    }

    [Fact]
    public void A_string_knows_where_it_stands()
    {
        var dictionary = (PdfDictionary)Parse("  <</A 1/Contents <00ff>>>");
        Assert.Equal(new PdfSpan(18, 24), ((PdfString)dictionary["Contents"]).Span);
    }

    [Fact]
    public void Names_are_unescaped_and_references_are_told_from_numbers()
    {
        var dictionary = (PdfDictionary)Parse("<</A#20b 12 0 R/N[1 2 3 0 R 4]/R -1.50/T true>>");
        Assert.Equal(new PdfRef(12, 0), ((PdfReference)dictionary["A b"]).Target);
        Assert.Equal(4, ((PdfArray)dictionary["N"]).Count);
        Assert.Equal("-1.50", ((PdfReal)dictionary["R"]).Digits);
        Assert.True(((PdfBoolean)dictionary["T"]).Value);
    }

    [Fact]
    public void A_key_given_twice_is_remembered_and_the_last_counts()
    {
        var dictionary = (PdfDictionary)Parse("<</V 1/K 2/V 3>>");
        Assert.Equal(3, ((PdfInteger)dictionary["V"]).Value);
        Assert.Equal(["V"], dictionary.DuplicateKeys);
    }

    [Fact]
    public void Every_cut_of_an_object_asks_for_more_instead_of_guessing()
    {
        var whole = Encoding.Latin1.GetBytes("<</Type/Sig/N 12 0 R/A[1 2.5(x\\)y)<00FF>true null]/B<</C/D>>>>");
        for (var cut = 1; cut < whole.Length; cut++)
        {
            var parser = new PdfParser(whole.AsSpan(0, cut), 0, complete: false, 100);
            Assert.Null(parser.Read());
            Assert.Equal(ParseFailure.Incomplete, parser.Failure);
        }
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var parser = new PdfParser(Encoding.Latin1.GetBytes(new string('[', 200_000)), 0, complete: true, 100);
        Assert.Null(parser.Read());
        Assert.Equal(ParseFailure.TooDeep, parser.Failure);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        const string Source = "<</A#23b(x\\)\\(\\\\y)/B<00FF>/C[1 -2 .5/N null true 3 0 R]/D<</E/F>>>>";
        var output = new PdfOutput();
        output.Value(Parse(Source));
        Assert.Equal(Source, Encoding.Latin1.GetString(output.ToArray()));
    }

    internal static PdfObject Parse(string text)
    {
        var parser = new PdfParser(Encoding.Latin1.GetBytes(text), 0, complete: true, 100);
        return parser.Read() ?? throw new InvalidOperationException($"{parser.Failure}: {text}");
    }
}
