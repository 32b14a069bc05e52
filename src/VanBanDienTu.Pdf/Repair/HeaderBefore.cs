using System.Buffers.Binary;
using System.Numerics;

namespace VanBanDienTu.Pdf;

/// <summary>Reads an object's header backwards from its word <c>obj</c>.</summary>
internal static class HeaderBefore
{
    private const int Digits = 8; // as many are looked at
    private const int Usual = 14; // with " 0 obj" after them
    private const ulong Words = 0x6A62_6F20_3020; // " 0 obj", the first character in the lowest byte

    /// <summary>A header in the form that nearly all have, <c>N 0 obj</c> with one blank each and at most seven digits. False says only that it must be looked at by <see cref="TryRead"/>.</summary>
    /// <param name="part">The bytes around it.</param>
    /// <param name="word">Where <c>obj</c> may begin in them.</param>
    /// <param name="number">Of the object.</param>
    /// <param name="length">Of the header before the word.</param>
    public static bool TryReadUsual(ReadOnlySpan<byte> part, int word, out int number, out int length)
    {
        unchecked
        {
            (number, length) = (0, 0);
            var from = word - (Usual - 3);
            if (from < 0 || from > part.Length - Usual)
                return false;
            var text = part.Slice(from, Usual);
            if (BinaryPrimitives.ReadUInt64LittleEndian(text[(Usual - sizeof(ulong))..]) >> 16 != Words)
                return false;
            var digits = BinaryPrimitives.ReadUInt64LittleEndian(text) ^ EightDigits.Zeros;
            var count = BitOperations.LeadingZeroCount(EightDigits.Others(digits)) / 8;
            if (count is 0 or Digits)
                return false;
            var others = 64 - 8 * count;
            number = (int)EightDigits.Value(digits >> others << others);
            length = count + 3;
            return true;
        }
    }

    /// <summary>Number and generation that end where the span ends, and how long they are with the white space after each.</summary>
    /// <param name="before">What stands before the word.</param>
    /// <param name="cut">The span may begin in the middle of the number.</param>
    /// <param name="name">Of the object.</param>
    /// <param name="length">Of the header before the word.</param>
    public static bool TryRead(ReadOnlySpan<byte> before, bool cut, out PdfRef name, out int length)
    {
        (name, length) = (default, 0);
        var i = before.Length;
        if (!Space(before, ref i) || !Number(before, ref i, out var generation) || !Space(before, ref i) || !Number(before, ref i, out var number) || (cut && i == 0))
            return false;
        (name, length) = (new PdfRef((int)Math.Min(number, int.MaxValue), (int)Math.Min(generation, int.MaxValue)), before.Length - i);
        return true;
    }

    private static bool Space(ReadOnlySpan<byte> span, ref int i)
    {
        var from = i;
        while (i > 0 && PdfChars.IsSpace(span[i - 1]))
            i--;
        return i < from;
    }

    private static bool Number(ReadOnlySpan<byte> span, ref int i, out long value)
    {
        var from = i;
        value = 0;
        for (long weight = 1; i > 0 && PdfChars.IsDigit(span[i - 1]); i--, weight = Math.Min(weight * 10, int.MaxValue))
            value = Math.Min(value + weight * (span[i - 1] - '0'), int.MaxValue);
        return i < from;
    }
}
