namespace VanBanDienTu.Pdf;

/// <summary>An indirect object as it stands in the file.</summary>
/// <param name="Ref">Number and generation of its header.</param>
/// <param name="Value">Its value.</param>
/// <param name="Start">Offset of the header.</param>
/// <param name="End">After the value; for a stream, its first data byte.</param>
internal sealed record IndirectObject(PdfRef Ref, PdfObject Value, long Start, long End);

/// <summary>Parses values at file offsets through windows that grow only as far as an object needs.</summary>
internal sealed class ObjectReader(PdfBytes bytes, PdfLimits limits, PdfBudget budget)
{
    /// <summary>The value at the offset and where it ends, or null when there is none that parses.</summary>
    public (PdfObject Value, long End)? ReadValue(long offset)
    {
        budget.Step();
        for (var size = bytes.ShortRead; ; size = Grow(size, offset))
        {
            var window = bytes.Window(offset, size).Span;
            var parser = new PdfParser(window, offset, offset + window.Length >= bytes.Length, limits.MaxDepth);
            if (parser.Read() is { } value)
                return (value, offset + parser.Position);
            if (parser.Failure != ParseFailure.Incomplete)
                return Failed(parser.Failure, offset);
        }
    }

    /// <summary>The indirect object whose header stands at the offset (white space before it is allowed), or null.</summary>
    public IndirectObject? ReadIndirect(long offset)
    {
        budget.Step();
        if (offset < 0 || offset >= bytes.Length)
            return null;
        for (var size = bytes.ShortRead; ; size = Grow(size, offset))
        {
            var window = bytes.Window(offset, size).Span;
            var parser = new PdfParser(window, offset, offset + window.Length >= bytes.Length, limits.MaxDepth);
            if (TryIndirect(ref parser, window, offset) is { } found)
                return found;
            if (parser.Failure != ParseFailure.Incomplete)
            {
                _ = Failed(parser.Failure, offset);
                return null;
            }
        }
    }

    private static IndirectObject? TryIndirect(ref PdfParser parser, ReadOnlySpan<byte> window, long offset)
    {
        if (!parser.TryInteger(out var number) || number > int.MaxValue || !parser.TryInteger(out var generation) || generation > 65535 || !parser.TryKeyword("obj"u8))
            return null;
        var header = new PdfRef((int)number, (int)generation);
        if (parser.Read() is not { } value)
            return parser.Failure == ParseFailure.Malformed && parser.TryKeyword("endobj"u8)
                ? new IndirectObject(header, PdfNull.Instance, offset, offset + parser.Position) // "7 0 obj endobj" is null
                : null;
        if (value is not PdfDictionary dictionary)
            return new IndirectObject(header, value, offset, offset + parser.Position);
        var end = parser.Position;
        if (!parser.TryKeyword("stream"u8))
            return parser.Failure == ParseFailure.Incomplete ? null : new IndirectObject(header, value, offset, offset + end);
        if (parser.Position + 2 > window.Length)
            return new IndirectObject(header, new PdfStream(dictionary, offset + parser.Position) { Name = header }, offset, offset + parser.Position);
        var data = offset + parser.Position + EndOfLine(window[parser.Position..]);
        return new IndirectObject(header, new PdfStream(dictionary, data) { Name = header }, offset, data);
    }

    /// <summary>The keyword stream is followed by CR LF or LF; a lone CR is an old mistake that readers accept.</summary>
    private static int EndOfLine(ReadOnlySpan<byte> after) => after switch
    {
        [13, 10, ..] => 2,
        [10, ..] or [13, ..] => 1,
        [32, 10, ..] => 2,
        _ => 0,
    };

    private int Grow(int size, long offset)
    {
        if (size >= limits.MaxObjectBytes)
            throw PdfException.Limit($"{limits.MaxObjectBytes} bytes in one object", offset);
        return (int)Math.Min(size * 8L, limits.MaxObjectBytes);
    }

    private static (PdfObject, long)? Failed(ParseFailure failure, long offset) =>
        failure == ParseFailure.TooDeep ? throw PdfException.Limit("nesting of arrays and dictionaries", offset) : null;
}
