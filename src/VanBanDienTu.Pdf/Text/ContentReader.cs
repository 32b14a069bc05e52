using System.Text;

namespace VanBanDienTu.Pdf.Text;

/// <summary>One operator of a content stream with its operands.</summary>
internal sealed record ContentOperation(string Name, IReadOnlyList<PdfObject> Operands);

/// <summary>Reads the operators of a content stream; what is malformed is skipped to the next token, as readers do.</summary>
/// <remarks>Source: ISO 32000-2, 7.8.2.</remarks>
internal static class ContentReader
{
    private const int MaxOperands = 1_000; // beyond it nothing is an operator's

    public static IEnumerable<ContentOperation> Read(byte[] content, PdfLimits limits)
    {
        var operands = new List<PdfObject>();
        var at = 0;
        while (Next(content, limits, ref at, operands, out var name))
        {
            if (name is null)
                continue;
            yield return new ContentOperation(name, [.. operands]);
            operands.Clear();
            if (name == "ID")
                at = AfterInlineImage(content, at);
        }
    }

    /// <summary>Reads one token: an operand is added, an operator is named. False at the end.</summary>
    private static bool Next(byte[] content, PdfLimits limits, ref int at, List<PdfObject> operands, out string? name)
    {
        name = null;
        var parser = new PdfParser(content, origin: -1, complete: true, limits.MaxDepth) { Position = at };
        if (!parser.SkipSpace())
            return false;
        at = parser.Position;
        if (Word(content, at) is { Length: > 0 } word)
        {
            at += word.Length;
            name = word;
            return true;
        }
        if (parser.Read() is { } value)
        {
            at = parser.Position;
            if (operands.Count < MaxOperands)
                operands.Add(value);
        }
        else
            at = Math.Max(at + 1, parser.Position);
        return true;
    }

    /// <summary>The operator that begins here; empty when an operand does.</summary>
    private static string Word(byte[] content, int at)
    {
        if (!(char.IsAsciiLetter((char)content[at]) || content[at] is (byte)'\'' or (byte)'"'))
            return "";
        var end = at;
        while (end < content.Length && PdfChars.IsRegular(content[end]))
            end++;
        var word = Encoding.Latin1.GetString(content, at, end - at);
        return word is "true" or "false" or "null" ? "" : word;
    }

    /// <summary>After the EI that ends an inline image's data: EI between white space.</summary>
    private static int AfterInlineImage(byte[] content, int at)
    {
        for (var i = at + 1; i + 1 < content.Length; i++)
        {
            if (content[i] == 'E' && content[i + 1] == 'I' && PdfChars.IsSpace(content[i - 1]) && (i + 2 == content.Length || PdfChars.IsSpace(content[i + 2])))
                return i + 2;
        }
        return content.Length;
    }
}
