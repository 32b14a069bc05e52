using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VanBanDienTu.Pdf;

/// <summary>
/// Finds the words that a reader without a cross-reference goes by: <c>obj</c> after white space, <c>trailer</c>, <c>ObjStm</c>. A whole vector of bytes
/// is looked at in each step, since every byte of every file passes here.
/// </summary>
internal static class Landmarks
{
    /// <summary>No word is longer.</summary>
    public const int Longest = 7;

    /// <summary>The offset of the first word whose first byte stands at or after <paramref name="from"/>; the end of the span when there is none.</summary>
    /// <param name="span">What to look through; the byte before a word must be in it for <c>obj</c>.</param>
    /// <param name="from">Where to begin, at least 1.</param>
    /// <param name="kind">What was found.</param>
    public static int Next(ReadOnlySpan<byte> span, int from, out LandmarkKind kind)
    {
        // i stands on the b of obj and Obj, and on the i of trailer: the bytes around it say which.
        var i = Math.Max(from + 1, 2);
        ref var start = ref MemoryMarshal.GetReference(span);
        var last = span.Length - Vector256<byte>.Count - 1;
        while (i <= last)
        {
            var hits = Hits(ref Unsafe.Add(ref start, i));
            while (hits != 0)
            {
                var at = i + int.TrailingZeroCount(unchecked((int)hits));
                if ((kind = Kind(span, at, from, out var word)) != LandmarkKind.None)
                    return word;
                hits &= hits - 1;
            }
            i += Vector256<byte>.Count;
        }
        for (; i < span.Length - 1; i++)
        {
            if ((kind = Kind(span, i, from, out var word)) != LandmarkKind.None)
                return word;
        }
        kind = LandmarkKind.None;
        return span.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hits(ref byte at)
    {
        var (two, one) = (Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, 2)), Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, 1)));
        var (here, next) = (Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref Unsafe.Add(ref at, 1)));
        var bj = Vector256.Equals(here, Vector256.Create((byte)'b')) & Vector256.Equals(next, Vector256.Create((byte)'j'));
        var spaced = Vector256.LessThanOrEqual(two, Vector256.Create((byte)32)) | Vector256.Equals(one, Vector256.Create((byte)'O'));
        var rai = Vector256.Equals(two, Vector256.Create((byte)'r')) & Vector256.Equals(one, Vector256.Create((byte)'a')) & Vector256.Equals(here, Vector256.Create((byte)'i'));
        return ((bj & spaced) | rai).ExtractMostSignificantBits();
    }

    private static LandmarkKind Kind(ReadOnlySpan<byte> span, int at, int from, out int word)
    {
        word = at - 1;
        if (span[at] == 'b')
        {
            if (word < from || word < 1)
                return LandmarkKind.None;
            if (span[word] == 'o' && span[at + 1] == 'j' && PdfChars.IsSpace(span[word - 1]))
                return LandmarkKind.Object;
            return span[word..].StartsWith("ObjStm"u8) ? LandmarkKind.ObjectStream : LandmarkKind.None;
        }
        word = at - 3;
        return word >= from && span[word..].StartsWith("trailer"u8) ? LandmarkKind.Trailer : LandmarkKind.None;
    }
}

/// <summary>A word that a reader without a cross-reference goes by.</summary>
internal enum LandmarkKind
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>obj</c>.</summary>
    Object,

    /// <summary><c>trailer</c>.</summary>
    Trailer,

    /// <summary><c>ObjStm</c>.</summary>
    ObjectStream,
}
