using static VanBanDienTu.Pdf.Fonts.SfntReader;

namespace VanBanDienTu.Pdf.Fonts;

/// <summary>From Unicode to glyphs: the best Unicode subtable of a font's cmap, formats 4 and 12.</summary>
/// <remarks>Source: OpenType 1.9, «cmap».</remarks>
internal sealed class CharacterMap
{
    private const int Windows = 3;
    private const int Unicode = 0;

    private readonly ReadOnlyMemory<byte> table;
    private readonly int format;

    public CharacterMap(ReadOnlyMemory<byte> cmap)
    {
        var best = -1;
        for (var i = 0; i < U16(cmap.Span, 2); i++)
        {
            var (platform, encoding, at) = (U16(cmap.Span, 4 + i * 8), U16(cmap.Span, 6 + i * 8), (int)Math.Min(int.MaxValue, U32(cmap.Span, 8 + i * 8)));
            var rank = (platform, encoding) switch { (Windows, 10) => 3, (Windows, 1) => 2, (Unicode, _) => 1, _ => 0 };
            if (rank <= best || rank == 0 || at >= cmap.Length || U16(cmap.Span, at) is not (4 or 12))
                continue;
            (best, table, format) = (rank, cmap[at..], U16(cmap.Span, at));
        }
        if (best < 0)
            throw Bad("không có bảng mã Unicode", "it has no Unicode character map");
    }

    /// <summary>The glyph of a code point; 0 when the font has none.</summary>
    public int Glyph(int codePoint) => format == 12 ? InGroups(table.Span, codePoint) : codePoint <= 0xFFFF ? InSegments(table.Span, codePoint) : 0;

    private static int InGroups(ReadOnlySpan<byte> map, int codePoint)
    {
        var (low, high) = (0, (int)Math.Min(U32(map, 12), (uint)(map.Length / 12)) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var at = 16 + middle * 12;
            if (codePoint < U32(map, at))
                high = middle - 1;
            else if (codePoint > U32(map, at + 4))
                low = middle + 1;
            else
                return (int)((U32(map, at + 8) + codePoint - U32(map, at)) & 0xFFFF);
        }
        return 0;
    }

    private static int InSegments(ReadOnlySpan<byte> map, int codePoint)
    {
        var twice = U16(map, 6); // segments, times two
        for (var i = 0; i < twice; i += 2)
        {
            if (U16(map, 14 + i) < codePoint)
                continue;
            var start = U16(map, 16 + twice + i);
            if (start > codePoint)
                return 0;
            var (delta, range) = (U16(map, 16 + 2 * twice + i), U16(map, 16 + 3 * twice + i));
            if (range == 0)
                return (codePoint + delta) & 0xFFFF;
            var glyph = U16(map, 16 + 3 * twice + i + range + 2 * (codePoint - start));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }
        return 0;
    }
}
