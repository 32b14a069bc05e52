using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf.Text;

/// <summary>What glyph names and the standard encodings of simple fonts mean.</summary>
/// <remarks>Source: ISO 32000-2, annex D; Adobe Glyph List specification. A letter with marks is read from the marks in its name: <c>acircumflexhookabove</c>.</remarks>
internal static class GlyphNames
{
    /// <summary>Codes 0xA0–0xFF of StandardEncoding; a blank where there is none.</summary>
    private const string StandardUpperHalf =
        " ¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—                Æ ª    ŁØŒº     æ   ı  łøœß    ";

    private static readonly FrozenDictionary<string, string> Named = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["space"] = " ", ["exclam"] = "!", ["quotedbl"] = "\"", ["numbersign"] = "#", ["dollar"] = "$", ["percent"] = "%", ["ampersand"] = "&",
        ["quotesingle"] = "'", ["parenleft"] = "(", ["parenright"] = ")", ["asterisk"] = "*", ["plus"] = "+", ["comma"] = ",", ["hyphen"] = "-",
        ["period"] = ".", ["slash"] = "/", ["zero"] = "0", ["one"] = "1", ["two"] = "2", ["three"] = "3", ["four"] = "4", ["five"] = "5", ["six"] = "6",
        ["seven"] = "7", ["eight"] = "8", ["nine"] = "9", ["colon"] = ":", ["semicolon"] = ";", ["less"] = "<", ["equal"] = "=", ["greater"] = ">",
        ["question"] = "?", ["at"] = "@", ["bracketleft"] = "[", ["backslash"] = "\\", ["bracketright"] = "]", ["underscore"] = "_", ["braceleft"] = "{",
        ["bar"] = "|", ["braceright"] = "}", ["quoteleft"] = "‘", ["quoteright"] = "’", ["quotedblleft"] = "“", ["quotedblright"] = "”", ["endash"] = "–",
        ["emdash"] = "—", ["ellipsis"] = "…", ["bullet"] = "•", ["guillemotleft"] = "«", ["guillemotright"] = "»", ["section"] = "§", ["degree"] = "°",
        ["dcroat"] = "đ", ["Dcroat"] = "Đ", ["dmacron"] = "đ", ["Dslash"] = "Đ", ["Eth"] = "Ð", ["dotlessi"] = "ı", ["germandbls"] = "ß", ["ae"] = "æ",
        ["AE"] = "Æ", ["oe"] = "œ", ["OE"] = "Œ", ["oslash"] = "ø", ["Oslash"] = "Ø", ["fi"] = "fi", ["fl"] = "fl", ["nbspace"] = " ", ["dong"] = "₫",
        ["gravecomb"] = "\u0300", ["acutecomb"] = "\u0301", ["tildecomb"] = "\u0303", ["hookabovecomb"] = "\u0309", ["dotbelowcomb"] = "\u0323",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly (string Name, char Mark)[] Marks =
    [
        ("circumflex", '\u0302'), ("breve", '\u0306'), ("horn", '\u031B'), ("grave", '\u0300'), ("acute", '\u0301'), ("tilde", '\u0303'), ("hookabove", '\u0309'),
        ("dotbelow", '\u0323'), ("dieresis", '\u0308'), ("ring", '\u030A'), ("caron", '\u030C'), ("cedilla", '\u0327'),
    ];

    private static readonly string[] WinAnsi = CodePage(1252);
    private static readonly string[] MacRoman = CodePage(10000);
    private static readonly string[] Standard = [.. Enumerable.Range(0, 256).Select(code => code switch
    {
        0x27 => "’",
        0x60 => "‘",
        < 0x7F => ((char)code).ToString(),
        >= 0xA0 => StandardUpperHalf[code - 0xA0].ToString(),
        _ => "",
    })];

    /// <summary>The text of each of the 256 codes in one of the named encodings; nobody changes it.</summary>
    public static string[] Encoding(string? name) => name switch { "WinAnsiEncoding" => WinAnsi, "MacRomanEncoding" => MacRoman, _ => Standard };

    /// <summary>The text that a glyph name stands for; null when it tells nothing.</summary>
    public static string? Text(string name)
    {
        name = name.Split('.')[0]; // a variant: a.sc
        if (Named.TryGetValue(name, out var known))
            return known;
        if (name.Length == 1 && char.IsAsciiLetter(name[0]))
            return name;
        if (name.Length >= 7 && name.StartsWith("uni", StringComparison.Ordinal) && Hex(name[3..7]) is { } four)
            return ((char)four).ToString();
        if (name.Length is >= 5 and <= 7 && name[0] == 'u' && Hex(name[1..]) is { } point && Rune.IsValid(point))
            return new Rune(point).ToString();
        return name.Length > 1 && char.IsAsciiLetter(name[0]) ? Marked(name[0], name[1..]) : null;
    }

    private static string[] CodePage(int number)
    {
        var page = CodePagesEncodingProvider.Instance.GetEncoding(number)!;
        return [.. Enumerable.Range(0, 256).Select(code => page.GetString([(byte)code]))];
    }

    private static string? Marked(char letter, string marks)
    {
        var text = letter.ToString();
        while (marks.Length > 0)
        {
            var next = Array.Find(Marks, m => marks.StartsWith(m.Name, StringComparison.Ordinal));
            if (next.Name is null)
                return null;
            text += next.Mark;
            marks = marks[next.Name.Length..];
        }
        return LatinLetters.Compose(text);
    }

    private static int? Hex(string digits) => int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
