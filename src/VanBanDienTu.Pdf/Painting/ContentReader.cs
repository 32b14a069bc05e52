using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Reads a content stream or a CMap operator by operator (ISO 32000-2, 7.8.2 and 9.7.5.4). Bytes that make no sense end it, as they do for a reader.</summary>
internal ref struct ContentReader(ReadOnlySpan<byte> content, int maxDepth)
{
    private const int MaxOperands = 4_096;

    /// <summary>An operator has three letters at most, one of a CMap up to nineteen.</summary>
    private const int LongestWord = 24;

    private readonly ReadOnlySpan<byte> content = content;
    private int at;

    /// <summary>The operands before the last operator.</summary>
    public List<PdfObject> Operands { get; } = [];

    /// <summary>The next operator; null at the end. An inline image is one operator, <c>EI</c>, whose only operand is its dictionary.</summary>
    public string? Next()
    {
        Operands.Clear();
        while (true)
        {
            var parser = new PdfParser(content[at..], -1, complete: true, maxDepth);
            if (!parser.SkipSpace())
                return null;
            var begin = at + parser.Position;
            if (Word(begin) is { Length: > 0 } word && !IsValue(word))
            {
                at = begin + word.Length;
                return word == "BI" ? InlineImage() : word;
            }
            if (Operands.Count == MaxOperands || parser.Read() is not { } operand)
                return null;
            Operands.Add(operand);
            at += parser.Position;
        }
    }

    private static bool IsValue(string word) => word is "true" or "false" or "null";

    /// <summary>The run of letters at this place, with the quotes that are operators too; empty when a value stands here.</summary>
    private readonly string Word(int from)
    {
        var end = from;
        while (end < content.Length && (char.IsAsciiLetter((char)content[end]) || content[end] is (byte)'*' or (byte)'\'' or (byte)'"'
            || (end > from && PdfChars.IsDigit(content[end]))))
            end++;
        return end - from > LongestWord ? "?" : Encoding.Latin1.GetString(content[from..end]);
    }

    private string? InlineImage()
    {
        var parser = new PdfParser(content[at..], -1, complete: true, maxDepth);
        var entries = new List<KeyValuePair<string, PdfObject>>();
        while (parser.SkipSpace() && !parser.TryKeyword("ID"u8))
        {
            if (parser.Read() is not PdfName key || parser.Read() is not { } value)
                return null;
            entries.Add(new(key.Value, value));
        }
        at += parser.Position;
        for (var i = at; i + 2 <= content.Length; i++)
        {
            if (content[i] == 'E' && content[i + 1] == 'I' && i > at && PdfChars.IsSpace(content[i - 1]) && (i + 2 == content.Length || !PdfChars.IsRegular(content[i + 2])))
            {
                at = i + 2;
                Operands.Clear();
                Operands.Add(new PdfDictionary(entries));
                return "EI";
            }
        }
        return null;
    }
}
