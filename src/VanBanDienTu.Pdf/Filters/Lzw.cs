namespace VanBanDienTu.Pdf;

/// <summary>LZW with codes of 9 to 12 bits (ISO 32000-2, 7.4.4.2), bounded like every decoder here.</summary>
internal static class Lzw
{
    private const int Clear = 256;
    private const int End = 257;
    private const int TableSize = 4096;

    /// <param name="data">The encoded bytes.</param>
    /// <param name="earlyChange">Codes become longer one code early, as /EarlyChange 1 (the default) says.</param>
    /// <param name="max">The most that is decoded, in bytes.</param>
    /// <exception cref="PdfException">Corrupt data, or more than <paramref name="max"/> bytes.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> data, bool earlyChange, int max)
    {
        var output = new MemoryStream();
        // An entry is a run of what was decoded already: where it begins and how long it is.
        var (starts, lengths) = (new int[TableSize], new int[TableSize]);
        var early = earlyChange ? 1 : 0;
        var (bits, next, previous, width, buffer) = (0, End + 1, -1, 9, 0u);
        foreach (var b in data)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            if (bits < width)
                continue;
            bits -= width;
            var code = (int)((buffer >> bits) & ((1u << width) - 1));
            if (code == End)
                break;
            if (code == Clear)
            {
                (next, previous, width) = (End + 1, -1, 9);
                continue;
            }
            var at = (int)output.Length;
            Emit(output, code, previous, next, starts, lengths, max);
            // The new entry is the previous run and the first byte of this one, which stand side by side in the output.
            if (previous >= 0 && next < TableSize)
                (starts[next], lengths[next++]) = (at - previous, previous + 1);
            previous = (int)output.Length - at;
            width = (next + early) switch { >= 2048 => 12, >= 1024 => 11, >= 512 => 10, _ => 9 };
        }
        return output.ToArray();
    }

    private static void Emit(MemoryStream output, int code, int previous, int next, int[] starts, int[] lengths, int max)
    {
        if (code < Clear)
        {
            Grow(output, 1, max);
            output.WriteByte((byte)code);
            return;
        }
        if (code > next || (code == next && previous < 0) || (code == next && next == TableSize))
            throw PdfException.Bad("Dữ liệu nén LZW bị hỏng.", "The LZW data is corrupt.");
        var at = (int)output.Length;
        var (start, length) = code < next ? (starts[code], lengths[code]) : (at - previous, previous + 1);
        Grow(output, length, max);
        for (var i = 0; i < length; i++) // byte by byte: the run may reach into what it writes
            output.WriteByte(output.GetBuffer()[start + i]);
    }

    private static void Grow(MemoryStream output, int more, int max)
    {
        if (output.Length + more > max)
            throw PdfException.Limit($"{max} decoded bytes in one stream");
    }
}
