namespace VanBanDienTu.Pdf;

/// <summary>Walks forward through a file byte by byte, reading it in windows. For cross-reference tables and scans, which may be long.</summary>
internal sealed class ByteCursor(PdfBytes bytes, long position)
{
    private const int WindowSize = 32 << 10;
    private ReadOnlyMemory<byte> window;
    private long windowStart;

    public long Position { get; set; } = position;

    /// <summary>The byte at the position, or -1 at the end of the file.</summary>
    public int Peek()
    {
        var within = Position - windowStart;
        if (within < 0 || within >= window.Length)
        {
            window = bytes.Window(Position, WindowSize);
            (windowStart, within) = (Position, 0);
            if (window.Length == 0)
                return -1;
        }
        return window.Span[(int)within];
    }

    public void SkipSpace(bool comments = true)
    {
        for (int c; (c = Peek()) >= 0;)
        {
            if (c == '%' && comments)
            {
                while ((c = Peek()) >= 0 && c is not (10 or 13))
                    Position++;
            }
            else if (PdfChars.IsSpace((byte)c))
                Position++;
            else
                return;
        }
    }

    /// <summary>Reads a keyword if it comes next; else stays.</summary>
    public bool TryKeyword(ReadOnlySpan<byte> word)
    {
        SkipSpace();
        var here = bytes.Window(Position, word.Length + 1).Span;
        if (!here.StartsWith(word) || (here.Length > word.Length && PdfChars.IsRegular(here[word.Length])))
            return false;
        Position += word.Length;
        return true;
    }

    /// <summary>Reads an unsigned integer of at most 18 digits if one comes next; else stays.</summary>
    public bool TryInteger(out long value)
    {
        SkipSpace();
        var (start, digits) = (Position, 0);
        value = 0;
        for (int c; (c = Peek()) >= 0 && PdfChars.IsDigit((byte)c) && digits < 18; Position++, digits++)
            value = value * 10 + c - '0';
        if (digits > 0 && (Peek() < 0 || !PdfChars.IsRegular((byte)Peek())))
            return true;
        Position = start;
        return false;
    }

    /// <summary>Moves to the next place where <paramref name="word"/> stands, at most <paramref name="within"/> bytes on; false when there is none.</summary>
    public bool Find(ReadOnlySpan<byte> word, long within)
    {
        var end = Math.Min(bytes.Length, Position + within);
        while (Position < end)
        {
            var part = bytes.Window(Position, (int)Math.Min(WindowSize, end - Position)).Span;
            var at = part.IndexOf(word);
            if (at >= 0)
            {
                Position += at;
                return true;
            }
            if (part.Length < word.Length)
                return false;
            Position += part.Length - word.Length + 1;
        }
        return false;
    }
}
