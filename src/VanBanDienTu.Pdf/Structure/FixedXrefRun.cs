using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>A run of cross-reference entries in the standard's fixed form, 20 bytes each, so that any of them can be found without reading the others.</summary>
internal sealed class FixedXrefRun(PdfBytes bytes, long start, int first, int count, long shift)
{
    public const int EntryLength = 20;

    private const int PieceEntries = 64;
    private const int PiecesHeld = 8; // entries are asked for in a few sequences at the same time

    // Of an entry as nearly all are written, the first character in the lowest byte.
    private const ulong InUse = 0x6E20_3030_3030_3020; // " 00000 n"
    private const ushort TwoZeros = 0x3030;
    private const ushort SpaceAndEnd = 0x0A20;
    private const ushort TwoEnds = 0x0A0D;

    private readonly int last = first + count - 1;
    private readonly Piece[] pieces = new Piece[PiecesHeld];

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

    public XrefEntry Read(int number) =>
        TryParse(Text(number), shift, out var entry) ? entry
            : throw PdfException.Bad("Bảng tham chiếu sai cú pháp.", "The cross-reference table is malformed.", start + (long)EntryLength * (number - first));

    /// <summary>
    /// Whether there is such an entry, in use, of generation 0, at that place, and written as nearly all are. False says only that it must be
    /// looked at by <see cref="Read"/>.
    /// </summary>
    public bool IsPlainlyAt(int number, long place)
    {
        if (number < first || number > last)
            return false;
        var text = Text(number);
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text[2..]) ^ EightDigits.Zeros;
        return EightDigits.Value(digits) == unchecked(place - shift) && digits != 0 && EightDigits.Others(digits) == 0 && BinaryPrimitives.ReadUInt64LittleEndian(text[10..]) == InUse
            && BinaryPrimitives.ReadUInt16LittleEndian(text) == TwoZeros && BinaryPrimitives.ReadUInt16LittleEndian(text[18..]) is SpaceAndEnd or TwoEnds;
    }

    private ReadOnlySpan<byte> Text(int number)
    {
        unchecked
        {
            var (index, within) = Math.DivRem((uint)(number - first), PieceEntries);
            ref var piece = ref pieces[index % PiecesHeld];
            if (piece.Bytes is null || piece.Index != index)
                piece = Hold(index);
            return piece.Bytes.AsSpan((int)(piece.Start + EntryLength * within), EntryLength);
        }
    }

    private Piece Hold(uint index)
    {
        var from = PieceEntries * (long)index;
        var window = bytes.Window(start + EntryLength * from, (int)Math.Min(PieceEntries, count - from) * EntryLength);
        return MemoryMarshal.TryGetArray(window, out var held) ? new Piece(index, held.Array, (uint)held.Offset) : new Piece(index, window.ToArray(), 0);
    }

    /// <summary>Some entries that follow one another, as they stand in the file.</summary>
    private readonly record struct Piece(uint Index, byte[]? Bytes, uint Start);
}
