using System.Collections.Frozen;
using System.Text;

namespace VanBanDienTu.Axis.Text;

/// <summary>Compares Vietnamese as people see it: composed and decomposed letters are the same, other letters never are (ĐA is not DA).</summary>
/// <remarks><see cref="string.Normalize()"/> does nothing to letters under InvariantGlobalization, so the 134 letters are composed here.</remarks>
public static class VietnameseText
{
    private const string Bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";

    // In the order of Tones: grave, acute, tilde, hook above, dot below.
    private const string Toned =
        "àáãảạằắẵẳặầấẫẩậèéẽẻẹềếễểệìíĩỉịòóõỏọồốỗổộờớỡởợùúũủụừứữửựỳýỹỷỵ"
        + "ÀÁÃẢẠẰẮẴẲẶẦẤẪẨẬÈÉẼẺẸỀẾỄỂỆÌÍĨỈỊÒÓÕỎỌỒỐỖỔỘỜỚỠỞỢÙÚŨỦỤỪỨỮỬỰỲÝỸỶỴ";

    private const string Tones = "\u0300\u0301\u0303\u0309\u0323";

    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = Compositions().ToFrozenDictionary();

    private static readonly FrozenDictionary<char, (char Letter, char Mark)> Tone =
        Bases.SelectMany((letter, i) => Tones.Select((mark, t) => (Toned[(i * 5) + t], (letter, mark)))).ToFrozenDictionary(p => p.Item1, p => p.Item2);

    /// <summary>Composed form (NFC) of Vietnamese letters; everything else is left as it is.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\u036F'))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (result.Length > 0 && TryCompose(result[^1], c, out var whole))
                result[^1] = whole;
            else
                result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>Equal to a reader's eye, whatever the case.</summary>
    public static bool SameWords(string a, string b) => string.Equals(Compose(a), Compose(b), StringComparison.OrdinalIgnoreCase);

    private static bool TryCompose(char letter, char mark, out char whole)
    {
        if (Composed.TryGetValue((letter, mark), out whole))
            return true;
        // The shape mark (ˆ ˘ ̛) came after the tone: ạ + ˆ is ậ.
        if (Tone.TryGetValue(letter, out var parts) && Composed.TryGetValue((parts.Letter, mark), out var shaped))
            return Composed.TryGetValue((shaped, parts.Mark), out whole);
        whole = default;
        return false;
    }

    private static IEnumerable<KeyValuePair<(char, char), char>> Compositions()
    {
        const string plain = "aAeEoO", circumflex = "âÂêÊôÔ", hornless = "oOuU", horned = "ơƠưƯ";
        for (var i = 0; i < plain.Length; i++)
            yield return new((plain[i], '\u0302'), circumflex[i]);
        for (var i = 0; i < hornless.Length; i++)
            yield return new((hornless[i], '\u031B'), horned[i]);
        yield return new(('a', '\u0306'), 'ă');
        yield return new(('A', '\u0306'), 'Ă');
        for (var i = 0; i < Bases.Length; i++)
            for (var t = 0; t < Tones.Length; t++)
                yield return new((Bases[i], Tones[t]), Toned[(i * 5) + t]);
    }
}
