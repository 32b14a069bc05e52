using System.Globalization;
using System.Numerics;
using System.Text;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>The dotted form of object identifiers. The few that all structures repeat are made into text once.</summary>
/// <remarks>Source: ITU-T X.690, 8.19.</remarks>
internal static class ObjectIdentifierText
{
    private const int Kept = 512; // a power of two
    private const int LongestKept = 12;

    // By a hash of the bytes; a newcomer takes the place of who had it. What is kept follows from the bytes alone.
    private static readonly Known?[] Texts = new Known?[Kept];

    /// <summary>The text; null when the bytes are cut off or more than 256. Arcs may be of any size (2.25 arcs are 128 bits).</summary>
    public static string? Of(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || (content[^1] & 0x80) != 0 || content.Length > 256)
            return null;
        if (content.Length > LongestKept)
            return Make(content);
        ref var place = ref Texts[Hash(content)];
        if (Volatile.Read(ref place) is { } known && content.SequenceEqual(known.Content))
            return known.Text;
        var made = new Known(content.ToArray(), Make(content));
        Volatile.Write(ref place, made);
        return made.Text;
    }

    private static int Hash(ReadOnlySpan<byte> content)
    {
        var hash = 2166136261u;
        foreach (var b in content)
            hash = unchecked((hash ^ b) * 16777619u);
        return (int)((hash ^ (hash >> 15)) & (Kept - 1));
    }

    private static string Make(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder(content.Length * 3);
        var arc = BigInteger.Zero;
        foreach (var b in content)
        {
            arc = (arc << 7) | (b & 0x7f);
            if ((b & 0x80) != 0)
                continue;
            if (text.Length == 0)
            {
                var first = BigInteger.Min(arc / 40, 2);
                text.Append(CultureInfo.InvariantCulture, $"{first}.{arc - first * 40}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $".{arc}");
            }
            arc = BigInteger.Zero;
        }
        return text.ToString();
    }

    private sealed record Known(byte[] Content, string Text);
}
