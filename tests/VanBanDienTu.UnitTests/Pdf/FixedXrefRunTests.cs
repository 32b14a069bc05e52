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

    private static bool Parse(string text, out XrefEntry entry) => FixedXrefRun.TryParse(Encoding.Latin1.GetBytes(text), 0, out entry);
}
