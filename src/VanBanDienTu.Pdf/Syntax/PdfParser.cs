using System.Text;

namespace VanBanDienTu.Pdf;

internal enum ParseFailure
{
    None,

    /// <summary>The window ended before the object did; a larger window may help.</summary>
    Incomplete,
    Malformed,
    TooDeep,
}

/// <summary>Parses PDF values out of one window of bytes. Never throws for bad input: <see cref="Failure"/> says what happened.</summary>
/// <param name="data">The window.</param>
/// <param name="origin">File offset of the window; -1 when it is decoded data with no place in the file.</param>
/// <param name="complete">Nothing follows the window, so a token may end with it.</param>
/// <param name="maxDepth">Nesting bound.</param>
internal ref struct PdfParser(ReadOnlySpan<byte> data, long origin, bool complete, int maxDepth)
{
    private readonly ReadOnlySpan<byte> data = data;

    /// <summary>Next byte to read, in the window.</summary>
    public int Position { get; set; }

    public ParseFailure Failure { get; private set; }

    /// <summary>Skips white space and comments; false when the window ends there.</summary>
    public bool SkipSpace()
    {
        while (Position < data.Length)
        {
            var c = data[Position];
            if (c == '%')
            {
                var end = data[Position..].IndexOfAny((byte)10, (byte)13);
                Position = end < 0 ? data.Length : Position + end;
            }
            else if (PdfChars.IsSpace(c))
                Position++;
            else
                return true;
        }
        return false;
    }

    /// <summary>Reads a keyword if it comes next, and only then moves.</summary>
    public bool TryKeyword(scoped ReadOnlySpan<byte> word)
    {
        if (!SkipSpace())
            return EndOfWindow() is not null;
        var rest = data[Position..];
        if (rest.Length < word.Length || (rest.Length == word.Length && !complete))
        {
            if (!complete)
                Failure = ParseFailure.Incomplete;
            else if (rest.SequenceEqual(word))
            {
                Position = data.Length;
                return true;
            }
            return false;
        }
        if (!rest.StartsWith(word) || (rest.Length > word.Length && PdfChars.IsRegular(rest[word.Length])))
            return false;
        Position += word.Length;
        return true;
    }

    /// <summary>Reads an unsigned integer if one comes next, and only then moves.</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        SkipSpace();
        var start = Position;
        var at = start;
        while (at < data.Length && PdfChars.IsDigit(data[at]) && at - start < 18)
            value = value * 10 + data[at++] - '0';
        if (at == data.Length && !complete)
        {
            Failure = ParseFailure.Incomplete;
            return false;
        }
        if (at == start || (at < data.Length && PdfChars.IsRegular(data[at])))
            return false;
        Position = at;
        return true;
    }

    /// <summary>The next value, or null with <see cref="Failure"/> set.</summary>
    public PdfObject? Read(int depth = 0)
    {
        if (depth > maxDepth)
            return Fail(ParseFailure.TooDeep);
        if (!SkipSpace())
            return EndOfWindow();
        var c = data[Position];
        switch (c)
        {
            case (byte)'/':
                return TakeName(out var name, out var escaped) ? escaped ? new PdfName(Unescape(name)) : PdfNames.Of(name) : null;
            case (byte)'(':
                return ReadLiteral();
            case (byte)'[':
                return ReadArray(depth);
            case (byte)'<':
                if (Position + 1 >= data.Length)
                    return EndOfWindow();
                return data[Position + 1] == '<' ? ReadDictionary(depth) : ReadHex();
            default:
                return PdfChars.IsDigit(c) || c is (byte)'+' or (byte)'-' or (byte)'.' ? ReadNumber() : ReadWord();
        }
    }

    private PdfObject? Fail(ParseFailure failure)
    {
        Failure = failure;
        return null;
    }

    private PdfObject? EndOfWindow() => Fail(complete ? ParseFailure.Malformed : ParseFailure.Incomplete);

    private string? ReadKey() => TakeName(out var raw, out var escaped) ? escaped ? Unescape(raw) : PdfNames.Text(raw) : null;

    // The raw bytes of a name after its slash.
    private bool TakeName(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        var at = ++Position;
        raw = default;
        escaped = false;
        while (at < data.Length && PdfChars.IsRegular(data[at]))
            escaped |= data[at++] == '#';
        if (at == data.Length && !complete)
        {
            Failure = ParseFailure.Incomplete;
            return false;
        }
        raw = data[Position..at];
        Position = at;
        return true;
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '#' && i + 2 < raw.Length && PdfChars.Hex(raw[i + 1]) >= 0 && PdfChars.Hex(raw[i + 2]) >= 0)
            {
                text.Append((char)(PdfChars.Hex(raw[i + 1]) * 16 + PdfChars.Hex(raw[i + 2])));
                i += 2;
            }
            else
                text.Append((char)raw[i]);
        }
        return text.ToString();
    }

    private PdfObject? ReadWord()
    {
        var at = Position;
        while (at < data.Length && PdfChars.IsRegular(data[at]))
            at++;
        if (at == data.Length && !complete)
            return Fail(ParseFailure.Incomplete);
        var word = data[Position..at];
        PdfObject? value = word switch
        {
            _ when word.SequenceEqual("null"u8) => PdfNull.Instance,
            _ when word.SequenceEqual("true"u8) => new PdfBoolean(true),
            _ when word.SequenceEqual("false"u8) => new PdfBoolean(false),
            _ => null,
        };
        if (value is null)
            return Fail(ParseFailure.Malformed);
        Position = at;
        return value;
    }

    /// <summary>An integer, a real, or a reference: two integers and an R.</summary>
    private PdfObject? ReadNumber()
    {
        var start = Position;
        var at = start;
        var real = false;
        while (at < data.Length && PdfChars.IsRegular(data[at]))
            real |= data[at++] is (byte)'.';
        if (at == data.Length && !complete)
            return Fail(ParseFailure.Incomplete);
        var token = data[start..at];
        Position = at;
        if (real || !TryLong(token, out var value))
            return PlausibleNumber(token) ? new PdfReal(Encoding.Latin1.GetString(token)) : Fail(ParseFailure.Malformed);
        return PdfChars.IsDigit(token[0]) && value <= int.MaxValue ? ReadReference((int)value) : PdfInteger.Of(value);
    }

    /// <summary>At most 18 characters: digits, perhaps after a sign.</summary>
    private static bool TryLong(ReadOnlySpan<byte> token, out long value)
    {
        value = 0;
        var digits = token is [(byte)'+' or (byte)'-', ..] ? token[1..] : token;
        if (digits.IsEmpty || token.Length > 18)
            return false;
        foreach (var c in digits)
        {
            if (!PdfChars.IsDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        value = token[0] == '-' ? -value : value;
        return true;
    }

    private static bool PlausibleNumber(ReadOnlySpan<byte> token)
    {
        foreach (var c in token)
        {
            if (!PdfChars.IsDigit(c) && c is not ((byte)'.' or (byte)'-' or (byte)'+' or (byte)'e' or (byte)'E'))
                return false;
        }
        return true;
    }

    private PdfObject? ReadReference(int number)
    {
        var after = Position;
        if (!TryInteger(out var generation) || generation > 65535)
            return Failure == ParseFailure.Incomplete ? null : Rewind(after, number);
        if (!SkipSpace())
            return complete ? Rewind(after, number) : Fail(ParseFailure.Incomplete);
        if (data[Position] != 'R')
            return Rewind(after, number);
        if (Position + 1 == data.Length && !complete)
            return Fail(ParseFailure.Incomplete);
        if (Position + 1 < data.Length && PdfChars.IsRegular(data[Position + 1]))
            return Rewind(after, number);
        Position++;
        return new PdfReference(new PdfRef(number, (int)generation));
    }

    private PdfInteger Rewind(int position, int number)
    {
        Position = position;
        return PdfInteger.Of(number);
    }

    private PdfArray? ReadArray(int depth)
    {
        Position++;
        var items = new List<PdfObject>();
        while (true)
        {
            if (!SkipSpace())
                return EndOfWindow() as PdfArray;
            if (data[Position] == ']')
            {
                Position++;
                return new PdfArray(items);
            }
            if (Read(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }
    }

    private PdfDictionary? ReadDictionary(int depth)
    {
        Position += 2;
        var entries = new List<KeyValuePair<string, PdfObject>>(8);
        while (true)
        {
            if (!SkipSpace() || Position + 1 >= data.Length)
                return EndOfWindow() as PdfDictionary;
            if (data[Position] == '>' && data[Position + 1] == '>')
            {
                Position += 2;
                return new PdfDictionary(entries);
            }
            if (data[Position] != '/')
                return Fail(ParseFailure.Malformed) as PdfDictionary;
            if (ReadKey() is not { } key || Read(depth + 1) is not { } value)
                return null;
            entries.Add(new(key, value));
        }
    }

    private PdfString? ReadHex()
    {
        var start = Position;
        var close = data[start..].IndexOf((byte)'>');
        if (close < 0)
            return EndOfWindow() as PdfString;
        var (bytes, irregular) = PdfStrings.DecodeHex(data.Slice(start + 1, close - 1));
        Position = start + close + 1;
        return new PdfString(bytes, hex: true, SpanFrom(start), irregular);
    }

    private PdfString? ReadLiteral()
    {
        var start = Position;
        var length = PdfStrings.LiteralLength(data[start..]);
        if (length < 0)
            return EndOfWindow() as PdfString;
        Position = start + length;
        return new PdfString(PdfStrings.DecodeLiteral(data.Slice(start + 1, length - 2)), hex: false, SpanFrom(start));
    }

    private readonly PdfSpan? SpanFrom(int start) => origin < 0 ? null : new PdfSpan(origin + start, origin + Position);
}
