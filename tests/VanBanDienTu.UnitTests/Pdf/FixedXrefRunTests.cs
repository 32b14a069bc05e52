using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class FixedXrefRunTests
{
    [Theory]
    [InlineData("0000000000", 0)]
    [InlineData("0000101272", 101_272)]
    [InlineData("1234567890", 1_234_567_890)]
    [InlineData("9999999999", 9_999_999_999)]
    public void Ten_digits_are_the_number_that_they_write(string digits, long place)
    {
        Assert.True(Parse($"{digits} 00007 n\r\n", out var entry));
        Assert.Equal(place == 0 ? (XrefEntryKind.Free, 0L, 7) : (XrefEntryKind.Offset, place, 7), (entry.Kind, entry.Place, entry.Detail));
    }

    [Fact]
    public void What_is_no_digit_at_any_place_is_no_entry()
    {
        for (var at = 0; at < 10; at++)
        {
            for (var c = 0; c < 256; c++)
            {
                var text = Encoding.Latin1.GetBytes("1234567890 00000 n\r\n");
                text[at] = (byte)c;
                Assert.Equal(char.IsAsciiDigit((char)c), FixedXrefRun.TryParse(text, 0, out var entry));
                if (char.IsAsciiDigit((char)c))
                    Assert.Equal(long.Parse(Encoding.Latin1.GetString(text.AsSpan(0, 10)), CultureInfo.InvariantCulture), entry.Place);
            }
        }
    }

    [Fact]
    public void What_is_plainly_at_a_place_is_what_the_entry_says_in_whatever_order_it_is_asked()
    {
        string[] entries = ["0000000000 65535 f\r\n", "0000000017 00000 n \n", "0000101272 00000 n\r\n", "0000101272 00001 n \n", "0000101272 00000 f \n", "0000000000 00000 n \n", "1200101272 00000 n \n", "0000101272 00000 n \r"];
        const int Count = 1500;
        var text = Encoding.Latin1.GetBytes("before" + string.Concat(Enumerable.Range(0, Count).Select(i => entries[i % entries.Length])) + "after");
        const int Shift = 3;
        var run = new FixedXrefRun(PdfBytes.Of(text), "before".Length, 0, Count, Shift);
        var plain = 0;
        for (var step = 0; step < Count; step++)
        {
            var number = step * 761 % Count; // every one, far from the one before
            var entry = run.Read(number);
            foreach (var place in new long[] { 0, Shift, 17 + Shift, 101_272, 101_272 + Shift, 1_200_101_272 + Shift })
            {
                var says = run.IsPlainlyAt(number, place);
                plain += says ? 1 : 0;
                Assert.False(says && entry != new XrefEntry(XrefEntryKind.Offset, place, 0));
                Assert.True(says || number % entries.Length is not (1 or 2) || entry.Place != place);
            }
        }
        Assert.Equal(Enumerable.Range(0, Count).Count(i => i % entries.Length is 1 or 2), plain);
        Assert.False(run.IsPlainlyAt(-1, 0) || run.IsPlainlyAt(Count, 0));
    }

    private static bool Parse(string text, out XrefEntry entry) => FixedXrefRun.TryParse(Encoding.Latin1.GetBytes(text), 0, out entry);
}
