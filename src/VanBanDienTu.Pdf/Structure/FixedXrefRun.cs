using System.Buffers.Binary;

namespace VanBanDienTu.Pdf;

/// <summary>A run of cross-reference entries in the standard's fixed form, 20 bytes each, so that any of them can be found without reading the others.</summary>
internal sealed class FixedXrefRun(PdfBytes bytes, long start, int first, int count, long shift)
{
    public const int EntryLength = 20;

    private const int Batch = 64; // most are asked for in their order

    private readonly int last = first + count - 1;
    private ReadOnlyMemory<byte> window;
    private long windowAt;

    public int First => first;

    public int Last => last;

    /// <summary>Parses one entry; false when it is not in the fixed form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, long shift, out XrefEntry entry)
    {
        entry = default;
        if (text.Length < EntryLength || !PdfChars.IsSpace(text[18]) || !PdfChars.IsSpace(text[19]))
            return false;
        // Of the ten digits eight are read in one go.
        if (!TryEightDigits(text, out var place) || !TryDigits(text[8..10], out var low))
            return false;
        place = place * 100 + low;
        if (place > 0 && text[10..18].SequenceEqual(" 00000 n"u8))
        {
            entry = new XrefEntry(XrefEntryKind.Offset, place + shift, 0); // nearly all
            return true;
        }
        if (text[10] != ' ' || text[16] != ' ' || text[17] is not ((byte)'n' or (byte)'f') || !TryDigits(text[11..16], out var generation))
            return false;
        var detail = (int)Math.Min(generation, 65535);
        entry = text[17] == 'n' && place > 0 ? new XrefEntry(XrefEntryKind.Offset, place + shift, detail) : new XrefEntry(XrefEntryKind.Free, 0, detail);
        return true;
    }

    private static bool TryEightDigits(ReadOnlySpan<byte> text, out long value)
    {
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text) ^ EightDigits.Zeros;
        value = EightDigits.Value(digits);
        return EightDigits.Others(digits) == 0;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = unchecked((uint)(c - '0'));
            if (digit > 9)
                return false;
            value = unchecked(value * 10 + digit); // ten digits at most
        }
        return true;
    }

    public XrefEntry Read(int number)
    {
        var at = start + (long)EntryLength * (number - first);
        if (at < windowAt || at + EntryLength > windowAt + window.Length)
            (window, windowAt) = (bytes.Window(at, Math.Min(Batch, last - number + 1) * EntryLength), at);
        return TryParse(window.Span[(int)(at - windowAt)..], shift, out var entry) ? entry
            : throw PdfException.Bad("Bảng tham chiếu sai cú pháp.", "The cross-reference table is malformed.", at);
    }
}
