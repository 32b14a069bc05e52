using System.Collections.Frozen;
using System.Text;

namespace VanBanDienTu.Pdf.Text;

/// <summary>Composed form (NFC) of Latin letters, Vietnamese ones above all. Tables of our own: string.Normalize does nothing under InvariantGlobalization.</summary>
/// <remarks>Source: Unicode 16, chapter 3.11; the letters of Latin-1, Latin Extended-A, ơ, ư, and U+1EA0–U+1EF9.</remarks>
public static class LatinLetters
{
    private const char FirstMark = '\u0300';
    private const char LastMark = '\u036F';

    /// <summary>For each mark: a letter, then that letter with the mark, and so on.</summary>
    private static readonly Dictionary<char, string> Pairs = new()
    {
        ['\u0300'] = "AÀEÈIÌOÒUÙaàeèiìoòuùÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ",
        ['\u0301'] = "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ",
        ['\u0302'] = "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷẠẬạậẸỆẹệỌỘọộ",
        ['\u0303'] = "AÃNÑOÕaãnñoõIĨiĩUŨuũÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ",
        ['\u0306'] = "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭẠẶạặ",
        ['\u0308'] = "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸ",
        ['\u0309'] = "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ",
        ['\u030A'] = "AÅaåUŮuů",
        ['\u030C'] = "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzž",
        ['\u031B'] = "OƠoơUƯuư",
        ['\u0323'] = "AẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ",
        ['\u0327'] = "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ",
    };

    private static readonly FrozenDictionary<(char Letter, char Mark), char> Wholes =
        Pairs.SelectMany(p => p.Value.Chunk(2).Select(c => KeyValuePair.Create((c[0], p.Key), c[1]))).ToFrozenDictionary();

    private static readonly FrozenDictionary<char, (char Letter, char Mark)> Parts = Wholes.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <summary>A mark that is written over or under the letter before it.</summary>
    public static bool IsMark(char c) => c is >= FirstMark and <= LastMark;

    /// <summary>Nothing but such marks.</summary>
    public static bool AreMarks(string text) => !text.AsSpan().ContainsAnyExceptInRange(FirstMark, LastMark);

    /// <summary>The text with every letter and its marks in one character, whatever their order was. What has no such character stays as it is.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstMark, LastMark))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var marks = new List<char>();
            var letter = Split(text[i], marks);
            while (i + 1 < text.Length && IsMark(text[i + 1]))
                marks.Add(text[++i]);
            Append(result, letter, marks);
        }
        return result.ToString();
    }

    private static char Split(char c, List<char> marks)
    {
        while (Parts.TryGetValue(c, out var parts))
        {
            marks.Insert(0, parts.Mark);
            c = parts.Letter;
        }
        return c;
    }

    private static void Append(StringBuilder result, char letter, List<char> marks)
    {
        var left = new List<char>();
        foreach (var mark in marks.OrderBy(Class)) // OrderBy keeps the order of marks of one class
        {
            var blocked = left.Count > 0 && Class(left[^1]) >= Class(mark) - 1;
            if (!blocked && Wholes.TryGetValue((letter, mark), out var whole))
                letter = whole;
            else
                left.Add(mark);
        }
        result.Append(letter).Append(string.Concat(left));
    }

    /// <summary>The canonical combining class; but a shape (ˆ ˘) counts before a tone, as it is meant when it was typed after it.</summary>
    private static int Class(char mark) => mark switch { '\u0327' => 202, '\u031B' => 216, '\u0323' => 220, '\u0302' or '\u0306' => 230, _ => 231 };
}
