using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class StreamFiltersTests
{
    private const int Enough = 1 << 20;

    [Fact]
    public void Ascii_filters_decode()
    {
        Assert.Equal("Hello"u8.ToArray(), Decode("ASCIIHexDecode", "48 65 6C 6C 6F>junk"));
        Assert.Equal("Man sure."u8.ToArray(), Decode("ASCII85Decode", "9jqo^F*2M7/c~>"));
        Assert.Equal(new byte[4], Decode("ASCII85Decode", "z~>"));
    }

    [Fact]
    public void Run_lengths_decode() =>
        Assert.Equal("abcxxxx"u8.ToArray(), StreamFilters.Decode("RunLengthDecode", PdfDictionary.Empty, new byte[] { 2, (byte)'a', (byte)'b', (byte)'c', 253, (byte)'x', 128, 9 }, Enough));

    [Theory]
    [InlineData(1, new byte[] { 1, 10, 5, 1, 20, 1 }, new byte[] { 10, 15, 20, 21 })]
    [InlineData(2, new byte[] { 2, 10, 5, 2, 1, 1 }, new byte[] { 10, 5, 11, 6 })]
    [InlineData(3, new byte[] { 3, 10, 5, 3, 1, 1 }, new byte[] { 10, 10, 6, 9 })]
    [InlineData(4, new byte[] { 4, 10, 5, 4, 1, 1 }, new byte[] { 10, 15, 11, 16 })]
    public void Png_predictors_are_undone(int kind, byte[] coded, byte[] plain)
    {
        _ = kind;
        var parameters = (PdfDictionary)PdfParserTests.Parse("<</Predictor 15/Columns 2>>");
        Assert.Equal(plain, StreamFilters.Decode("FlateDecode", parameters, HandMadePdf.Deflate(coded), Enough));
    }

    [Fact]
    public void The_Tiff_predictor_is_undone()
    {
        var parameters = (PdfDictionary)PdfParserTests.Parse("<</Predictor 2/Columns 2/Colors 3>>");
        Assert.Equal([1, 2, 3, 2, 4, 6], StreamFilters.Decode("FlateDecode", parameters, HandMadePdf.Deflate([1, 2, 3, 1, 2, 3]), Enough));
    }

    [Fact]
    public void Lzw_decodes_the_example_of_the_standard() =>
        Assert.Equal("-----A---B"u8.ToArray(), StreamFilters.Decode("LZWDecode", PdfDictionary.Empty, new byte[] { 0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01 }, Enough));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Lzw_decodes_through_all_code_lengths_and_a_full_table(int early)
    {
        var plain = Enumerable.Range(0, 60_000).Select(i => (byte)(((long)i * i >> 7) & (i % 3 == 0 ? 0x0F : 0x3F))).ToArray();
        var parameters = (PdfDictionary)PdfParserTests.Parse($"<</EarlyChange {early}>>");
        Assert.Equal(plain, StreamFilters.Decode("LZWDecode", parameters, LzwEncoder.Encode(plain, early), Enough));
        Assert.Equal(PdfFault.LimitExceeded, Assert.Throws<PdfException>(() => StreamFilters.Decode("LZWDecode", parameters, LzwEncoder.Encode(plain, early), 59_999)).Fault);
    }

    [Fact]
    public void Lzw_takes_predictors_and_names_a_code_that_does_not_exist()
    {
        var parameters = (PdfDictionary)PdfParserTests.Parse("<</Predictor 15/Columns 2>>");
        Assert.Equal([10, 15, 20, 21], StreamFilters.Decode("LZWDecode", parameters, LzwEncoder.Encode([1, 10, 5, 1, 20, 1], 1), Enough));
        Assert.Equal(PdfFault.BadStructure, Assert.Throws<PdfException>(() => StreamFilters.Decode("LZWDecode", PdfDictionary.Empty, new byte[] { 0x80, 0x7F, 0xFF }, Enough)).Fault);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_inflated()
    {
        var bomb = HandMadePdf.Deflate(new byte[50 << 20]);
        var fault = Assert.Throws<PdfException>(() => StreamFilters.Decode("FlateDecode", PdfDictionary.Empty, bomb, Enough));
        Assert.Equal(PdfFault.LimitExceeded, fault.Fault);
    }

    [Fact]
    public void Corrupt_data_and_unknown_filters_are_named()
    {
        Assert.Equal(PdfFault.BadStructure, Assert.Throws<PdfException>(() => Decode("FlateDecode", "not deflated")).Fault);
        Assert.Equal(PdfFault.UnsupportedFilter, Assert.Throws<PdfException>(() => Decode("JBIG2Decode", "")).Fault);
    }

    private static byte[] Decode(string filter, string data) => StreamFilters.Decode(filter, PdfDictionary.Empty, Encoding.Latin1.GetBytes(data), Enough);
}
