using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VanBanDienTu.Pdf;

/// <summary>
/// Finds the words that a reader without a cross-reference goes by: <c>obj</c> after white space, <c>trailer</c>, and the names <c>ObjStm</c> and
/// <c>XRef</c>, however they are spelt. Two vectors of bytes are looked at in each step, since every byte of every file passes here.
/// </summary>
internal ref struct Landmarks
{
    /// <summary>No word is longer: a name of six letters, each of them escaped.</summary>
    public const int Longest = 18;

    private const int Step = 64;

    private readonly ReadOnlySpan<byte> span;
    private int from;
    private int at; // the first byte that was not looked at
    private int block; // where the bits of hits count from
    private ulong hits;

    /// <param name="span">What to look through; the byte before a word must be in it for it to be found.</param>
    /// <param name="from">Words that begin before it do not count.</param>
    public Landmarks(ReadOnlySpan<byte> span, int from)
    {
        this.span = span;
        (this.from, at) = (from, Math.Max(from, 1));
    }

    /// <summary>The next word.</summary>
    /// <param name="word">Where it begins.</param>
    public LandmarkKind Next(out int word)
    {
        while (true)
        {
            while (hits != 0)
            {
                var hit = block + BitOperations.TrailingZeroCount(hits);
                hits &= hits - 1;
                if (Kind(hit, out word) is not LandmarkKind.None and var kind)
                    return kind;
            }
            if (!Advance())
            {
                word = span.Length;
                return LandmarkKind.None;
            }
        }
    }

    /// <summary>Whether the name of a type is among the words to come.</summary>
    public bool HasType()
    {
        LandmarkKind kind;
        do
            kind = Next(out _);
        while (kind is not (LandmarkKind.None or LandmarkKind.Type));
        return kind == LandmarkKind.Type;
    }

    // Goes on to the next bytes that may be part of a word; near the end one by one.
    private bool Advance()
    {
        ref var start = ref MemoryMarshal.GetReference(span);
        var (i, last) = (at, span.Length - Step - 1);
        for (; i <= last; i += Step)
        {
            var (low, high) = (Hits(ref Unsafe.Add(ref start, i)), Hits(ref Unsafe.Add(ref start, i + Vector256<byte>.Count)));
            if ((low | high) == Vector256<byte>.Zero)
                continue;
            hits = low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << Vector256<byte>.Count;
            (block, at) = (i, i + Step);
            return true;
        }
        (block, at) = (i, i + 1);
        hits = i < span.Length - 1 ? 1UL : 0;
        return hits != 0;
    }

    // bj of obj and Obj, ai of trailer, XR of XRef, # before what a letter's code begins with: the bytes around say the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Hits(ref byte at)
    {
        var (here, next) = (Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref Unsafe.Add(ref at, 1)));
        return (Vector256.Equals(here, Vector256.Create((byte)'b')) & Vector256.Equals(next, Vector256.Create((byte)'j')))
            | (Vector256.Equals(here, Vector256.Create((byte)'a')) & Vector256.Equals(next, Vector256.Create((byte)'i')))
            | (Vector256.Equals(here, Vector256.Create((byte)'X')) & Vector256.Equals(next, Vector256.Create((byte)'R')))
            | (Vector256.Equals(here, Vector256.Create((byte)'#')) & Vector256.Equals(next & Vector256.Create((byte)0xFC), Vector256.Create((byte)'4')));
    }

    private LandmarkKind Kind(int hit, out int word)
    {
        var kind = span[hit] switch
        {
            (byte)'b' => Object(hit, out word),
            (byte)'#' => Escaped(hit, out word),
            (byte)'X' => Section(hit, out word),
            _ => Trailer(hit, out word),
        };
        if (word < from || word < 1)
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
