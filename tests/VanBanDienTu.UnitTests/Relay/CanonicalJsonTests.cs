using System.Text;
using VanBanDienTu.Relay.Evidence;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Keys_are_ordered_by_their_utf16_units_as_in_the_example_of_RFC_8785()
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["\u20ac"] = "Euro Sign", ["\r"] = "Carriage Return", ["\ufb33"] = "Hebrew Letter Dalet With Dagesh", ["1"] = "One",
            ["\ud83d\ude00"] = "Emoji: Grinning Face", ["\u0080"] = "Control", ["\u00f6"] = "Latin Small Letter O With Diaeresis",
        };
        Assert.Equal(
            """{"\r":"Carriage Return","1":"One","CONTROL":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","DALET":"Hebrew Letter Dalet With Dagesh"}""".Replace("DALET", "\ufb33", StringComparison.Ordinal).Replace("CONTROL", "\u0080", StringComparison.Ordinal),
            Text(map));
    }

    [Fact]
    public void Only_the_escapes_that_JSON_demands_are_written() =>
        Assert.Equal("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/ Ủy ban\"", Text("\u20ac$\u000f\nA'B\"\\\\\"/ Ủy ban"));

    [Fact]
    public void Values_are_written_without_white_space() =>
        Assert.Equal("[1,true,null,-5,{\"a\":[]}]", Text(new List<object?> { 1, true, null, -5L, new Dictionary<string, object?>(StringComparer.Ordinal) { ["a"] = new List<object?>() } }));

    [Fact]
    public void A_number_that_readers_would_round_is_refused()
    {
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(1L << 53));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(1.5));
    }

    private static string Text(object? value) => Encoding.UTF8.GetString(CanonicalJson.Write(value));
}
