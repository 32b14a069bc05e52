using System.Buffers;
using System.Collections;
using System.Text;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>Writes JSON in its one canonical form, so that the same facts are always the same bytes.</summary>
/// <remarks>Source: RFC 8785. Whole numbers, texts, booleans, null, lists and maps; nothing here needs fractions.</remarks>
public static class CanonicalJson
{
    /// <summary>UTF-8 bytes; keys in the order of their UTF-16 code units, no white space, only the escapes that JSON demands.</summary>
    /// <exception cref="ArgumentException">A value of another type, or a whole number beyond 2^53 that JSON readers would round.</exception>
    public static byte[] Write(object? value)
    {
        var text = new StringBuilder(1024);
        Append(text, value);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
    }

    private static void Append(StringBuilder to, object? value)
    {
        switch (value)
        {
            case null: to.Append("null"); break;
            case bool b: to.Append(b ? "true" : "false"); break;
            case string s: AppendText(to, s); break;
            case int i: to.Append(i); break;
            case long l and > -(1L << 53) and < 1L << 53: to.Append(l); break;
            case IEnumerable<KeyValuePair<string, object?>> map: AppendMap(to, map); break;
            case IEnumerable list: AppendList(to, list); break;
            default: throw new ArgumentException($"A {value.GetType().Name} ({value}) has no canonical JSON form here.", nameof(value));
        }
    }

    private static void AppendMap(StringBuilder to, IEnumerable<KeyValuePair<string, object?>> map)
    {
        to.Append('{');
        var first = true;
        foreach (var (key, value) in map.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!first)
                to.Append(',');
            first = false;
            AppendText(to, key);
            to.Append(':');
            Append(to, value);
        }

        to.Append('}');
    }

    private static void AppendList(StringBuilder to, IEnumerable list)
    {
        to.Append('[');
        var first = true;
        foreach (var item in list)
        {
            if (!first)
                to.Append(',');
            first = false;
            Append(to, item);
        }

        to.Append(']');
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    private static void AppendText(StringBuilder to, string text)
    {
        to.Append('"');
        if (text.AsSpan().IndexOfAny(Escaped) < 0)
        {
            to.Append(text).Append('"');
            return;
        }

        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\b' => to.Append("\\b"),
                '\t' => to.Append("\\t"),
                '\n' => to.Append("\\n"),
                '\f' => to.Append("\\f"),
                '\r' => to.Append("\\r"),
                < ' ' => to.Append("\\u").Append(((int)c).ToString("x4")),
                _ => to.Append(c),
            };
        }

        to.Append('"');
    }
}
