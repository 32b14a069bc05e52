using System.Text;

namespace VanBanDienTu.Pdf.Text;

/// <summary>A CMap: how a string falls into codes, and what each code means (Unicode for /ToUnicode, a CID for an /Encoding).</summary>
/// <remarks>Source: ISO 32000-2, 9.7.5 and 9.10.3.</remarks>
internal sealed class CharacterCodes
{
    private const int MaxEntries = 200_000;

    private readonly Dictionary<uint, string> texts = []; // by value alone: simple fonts have one-byte codes, and some maps of them two-byte ones
    private readonly List<(int Length, uint Low, uint High, int Cid)> cids = [];
    private readonly List<(int Length, byte[] Low, byte[] High)> spaces = [];

    /// <summary>Reads a CMap program; what it says in other words than the usual operators is passed over.</summary>
    public static CharacterCodes Read(byte[] program, PdfLimits limits)
    {
        var map = new CharacterCodes();
        var reader = new ContentReader(program, limits.MaxDepth);
        while (reader.Next() is { } name)
        {
            switch (name)
            {
                case "endcodespacerange": map.AddSpaces(reader.Operands); break;
                case "endbfchar": map.AddLetters(reader.Operands); break;
                case "endbfrange": map.AddRanges(reader.Operands); break;
                case "endcidchar": map.AddCids(reader.Operands, step: 2); break;
                case "endcidrange": map.AddCids(reader.Operands, step: 3); break;
            }
        }
        return map;
    }

    /// <summary>What a code means as text; null when the map does not say.</summary>
    public string? Text(uint code) => texts.GetValueOrDefault(code);

    /// <summary>The CID of a code; 0 when the map does not say.</summary>
    public int Cid(uint code, int length)
    {
        foreach (var (size, low, high, cid) in cids)
        {
            if (size == length && code >= low && code <= high)
                return (int)(cid + (code - low));
        }
        return 0;
    }

    /// <summary>How many bytes the code at the start of a string has, by the code space ranges.</summary>
    public int Length(ReadOnlySpan<byte> rest)
    {
        foreach (var (length, low, high) in spaces)
        {
            if (rest.Length < length)
                continue;
            var inside = true;
            for (var i = 0; i < length; i++)
                inside &= rest[i] >= low[i] && rest[i] <= high[i];
            if (inside)
                return length;
        }
        return Math.Min(rest.Length, spaces.Count == 0 ? 2 : spaces.Min(s => s.Length));
    }

    public static uint Value(ReadOnlySpan<byte> code)
    {
        var value = 0u;
        foreach (var b in code)
            value = value << 8 | b;
        return value;
    }

    private void AddSpaces(List<PdfObject> operands)
    {
        for (var i = 0; i + 1 < operands.Count; i += 2)
        {
            if (Bytes(operands[i]) is { } low && Bytes(operands[i + 1]) is { } high && low.Length == high.Length && spaces.Count < 100)
                spaces.Add((low.Length, low.ToArray(), high.ToArray()));
        }
    }

    private void AddLetters(List<PdfObject> operands)
    {
        texts.EnsureCapacity(texts.Count + operands.Count / 2);
        for (var i = 0; i + 1 < operands.Count; i += 2)
        {
            if (Bytes(operands[i]) is { } code && Bytes(operands[i + 1]) is { } text)
                Add(Value(code.Span), Encoding.BigEndianUnicode.GetString(text.Span));
        }
    }

    private void AddRanges(List<PdfObject> operands)
    {
        for (var i = 0; i + 2 < operands.Count; i += 3)
        {
            if (Bytes(operands[i]) is not { } low || Bytes(operands[i + 1]) is not { } high)
                continue;
            var (from, to) = (Value(low.Span), Math.Min(Value(high.Span), Value(low.Span) + 0xFFFFul));
            if (operands[i + 2] is PdfArray each)
            {
                for (var code = from; code <= to && code - from < each.Count; code++)
                    Add(code, Bytes(each[(int)(code - from)]) is { } text ? Encoding.BigEndianUnicode.GetString(text.Span) : "");
            }
            else if (Bytes(operands[i + 2]) is { Length: >= 2 } first)
            {
                var text = Encoding.BigEndianUnicode.GetString(first.Span);
                for (var code = from; code <= to; code++)
                    Add(code, text[..^1] + (char)((text[^1] + code - from) & 0xFFFF));
            }
        }
    }

    private void AddCids(List<PdfObject> operands, int step)
    {
        for (var i = 0; i + step - 1 < operands.Count && cids.Count < MaxEntries; i += step)
        {
            if (Bytes(operands[i]) is { } low && Bytes(operands[i + step - 2]) is { } high && operands[i + step - 1] is PdfInteger { Value: >= 0 and <= 0xFFFF } cid)
                cids.Add((low.Length, Value(low.Span), Value(high.Span), (int)cid.Value));
        }
    }

    private void Add(uint code, string text)
    {
        if (texts.Count < MaxEntries)
            texts[code] = text;
    }

    private static ReadOnlyMemory<byte>? Bytes(PdfObject value) => value is PdfString { Bytes.Length: > 0 and <= 512 } s ? s.Bytes : null;
}
