using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VanBanDienTu.Pdf;

/// <summary>
/// Finds the words that a reader without a cross-reference goes by: <c>obj</c> after white space, <c>trailer</c>, and the names <c>ObjStm</c> and
/// <c>XRef</c>, however they are spelt. Sixty-four bytes are looked at in each step, since every byte of every file passes here.
/// </summary>
internal ref struct Landmarks
{
    /// <summary>No word is longer: a name of six letters, each of them escaped.</summary>
    public const int Longest = 18;

    private const int Step = 64; // one vector, in two halves where the processor has none as long
    private const int Stride = 4 * Step;
    private const int Before = 2; // bytes before a hit are looked at too
    private const int Enough = 32; // hits to be found before they are looked at

    private readonly ReadOnlySpan<byte> span;
    private readonly int until;
    private int from;
    private int at; // the first byte that was not looked at
    private Places hits;
    private int found;
    private int taken;

    /// <param name="span">What to look through; the byte before a word must be in it for it to be found.</param>
    /// <param name="from">Words that begin before it do not count.</param>
    /// <param name="until">Words that begin there or later do not count.</param>
    public Landmarks(ReadOnlySpan<byte> span, int from, int until)
    {
        this.span = span;
        (this.from, this.until, at) = (from, until, Math.Max(from, 1));
    }

    /// <summary>The next place that may be the second letter of a word, or be within it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out int hit)
    {
        if (taken == found && !Advance())
        {
            hit = 0;
            return false;
        }
        hit = hits[taken++];
        return true;
    }

    /// <summary>Whether the name of a type is among the words to come.</summary>
    public bool HasType()
    {
        while (TryNext(out var hit))
        {
            if (Kind(hit, out _) == LandmarkKind.Type)
                return true;
        }
        return false;
    }

    // Goes on until there are hits. Which bytes have one cannot be foreseen, so several vectors are looked at, and several hits noted, before that is asked.
    private bool Advance()
    {
        (found, taken) = (0, 0);
        var last = span.Length - Step - 1;
        if (at < Before || last < Before)
            return AdvanceByOne();
        unchecked
        {
            ref var start = ref MemoryMarshal.GetReference(span);
            var i = at;
            for (; i <= last - (Stride - Step) && found < Enough; i += Stride)
            {
                ref var here = ref Unsafe.Add(ref start, i);
                var (first, second) = (Hits(ref here), Hits(ref Unsafe.Add(ref here, Step)));
                var (third, fourth) = (Hits(ref Unsafe.Add(ref here, 2 * Step)), Hits(ref Unsafe.Add(ref here, 3 * Step)));
                if ((first | second | third | fourth) == 0)
                    continue;
                Note(first, i);
                Note(second, i + Step);
                Note(third, i + 2 * Step);
                Note(fourth, i + 3 * Step);
            }
            for (; i <= last && found < Enough; i += Step)
                Note(Hits(ref Unsafe.Add(ref start, i)), i);
            at = i;
            return found > 0 || AdvanceAtEnd(last);
        }
    }

    // Where there is no room for vectors.
    private bool AdvanceByOne()
    {
        if (at >= span.Length - 1)
            return false;
        hits[found++] = at++;
        return true;
    }

    // The last bytes once more with some that were looked at already, which count no more.
    private bool AdvanceAtEnd(int last)
    {
        if (at >= span.Length - 1)
            return false;
        Note(Hits(ref Unsafe.Add(ref MemoryMarshal.GetReference(span), last)) & (ulong.MaxValue << (at - last)), last);
        at = span.Length - 1;
        return found > 0;
    }

    // Two are written whether they are there or not; more are rare in so few bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(ulong bits, int block)
    {
        unchecked
        {
            var (end, rest) = (found + BitOperations.PopCount(bits), bits & (bits - 1));
            hits[found] = block + BitOperations.TrailingZeroCount(bits);
            hits[found + 1] = block + BitOperations.TrailingZeroCount(rest);
            for (found += 2; found < end; found++)
            {
                rest &= rest - 1;
                hits[found] = block + BitOperations.TrailingZeroCount(rest);
            }
            found = end;
        }
    }

    // bj of obj and Obj but not of endobj, ai of trailer, XR of XRef, # before what a letter's code begins with, each as a zero; the bytes around say the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hits(ref byte at)
    {
        var (last, here, next) = (Vector512.LoadUnsafe(ref Unsafe.Add(ref at, -2)), Vector512.LoadUnsafe(ref at), Vector512.LoadUnsafe(ref Unsafe.Add(ref at, 1)));
        // b and j, a and i are both eight apart.
        var word = ((next - here) ^ Vector512.Create((byte)8)) | (((here - Vector512<byte>.One) ^ Vector512.Create((byte)0x60)) & Vector512.Create((byte)0xFE))
            | Vector512.SubtractSaturate(Vector512.Create((byte)1), last ^ Vector512.Create((byte)'d'));
        var code = (here ^ Vector512.Create((byte)'#')) | ((next ^ Vector512.Create((byte)'4')) & Vector512.Create((byte)0xFC));
        var section = (here ^ Vector512.Create((byte)'X')) | (next ^ Vector512.Create((byte)'R'));
        return Vector512.Equals(Vector512.Min(Vector512.Min(word, code), section), Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    /// <summary>What is there.</summary>
    /// <param name="hit">The last one that <see cref="TryNext"/> gave.</param>
    /// <param name="word">Where it begins.</param>
    public LandmarkKind Kind(int hit, out int word)
    {
        var kind = span[hit] switch
        {
            (byte)'b' => Object(hit, out word),
            (byte)'#' => Escaped(hit, out word),
            (byte)'X' => Section(hit, out word),
            _ => Trailer(hit, out word),
        };
        if (word < from || word < 1 || word >= until)
            return LandmarkKind.None;
        from = kind == LandmarkKind.None ? from : word + 1;
        return kind;
    }

    private readonly LandmarkKind Object(int hit, out int word)
    {
        word = hit - 1;
        if (word < 1 || span[hit + 1] != 'j')
            return LandmarkKind.None;
        if (span[word] == 'o')
            return PdfChars.IsSpace(span[word - 1]) ? LandmarkKind.Object : LandmarkKind.None; // endobj
        return span[word..].StartsWith("ObjStm"u8) ? LandmarkKind.Type : LandmarkKind.None;
    }

    private readonly LandmarkKind Section(int hit, out int word)
    {
        word = hit;
        return span[hit - 1] == '/' && span[hit..].StartsWith("XRef"u8) ? LandmarkKind.Type : LandmarkKind.None;
    }

    private readonly LandmarkKind Trailer(int hit, out int word)
    {
        word = hit - 2;
        return word >= 0 && span[word..].StartsWith("trailer"u8) ? LandmarkKind.Trailer : LandmarkKind.None;
    }

    private readonly LandmarkKind Escaped(int hit, out int word)
    {
        for (word = hit; word > 0 && hit - word < Longest && span[word - 1] != '/'; word--)
        {
            if (!PdfChars.IsRegular(span[word - 1]))
                return LandmarkKind.None;
        }
        return word > 0 && span[word - 1] == '/' && (PdfNames.Spells(span[word..], "ObjStm"u8) || PdfNames.Spells(span[word..], "XRef"u8)) ? LandmarkKind.Type : LandmarkKind.None;
    }

    // As many as may be found before it is asked whether they are enough, and what is written beyond them.
    [InlineArray(Enough + Stride + 2)]
    private struct Places
    {
        private int first;
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

    /// <summary>The name of a type that such a reader acts on, <c>ObjStm</c> or <c>XRef</c>.</summary>
    Type,
}
