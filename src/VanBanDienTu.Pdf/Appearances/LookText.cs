using VanBanDienTu.Pdf.Fonts;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>Fits lines of text into a place: the usual size, smaller only when they do not fit even broken at spaces.</summary>
internal static class LookText
{
    public const double Margin = 3;
    public const double LineHeight = 1.2;
    private const double SmallestText = 3;
    private const double Step = 0.5;

    public static (double Width, double Height) Size(IReadOnlyList<string> lines, TrueTypeFont font, double size) =>
        (lines.Select(l => font.Width(l)).DefaultIfEmpty().Max() * size / 1000 + 2 * Margin, lines.Count * size * LineHeight + 2 * Margin);

    /// <summary>The size and the broken lines; what fits at no size is cut at the place's edge.</summary>
    public static (double Size, IReadOnlyList<string> Lines) Fit(IReadOnlyList<string> lines, TrueTypeFont font, double width, double height)
    {
        for (var size = SignatureLook.UsualText; size > SmallestText; size -= Step)
        {
            var broken = lines.SelectMany(l => Break(l, font, (width - 2 * Margin) / size * 1000)).ToList();
            var needed = Size(broken, font, size);
            if (needed.Width <= width + 0.01 && needed.Height <= height + 0.01)
                return (size, broken);
        }
        return (SmallestText, [.. lines.SelectMany(l => Break(l, font, (width - 2 * Margin) / SmallestText * 1000))]);
    }

    /// <summary>Breaks at spaces, greedily; a word that is too long stays whole.</summary>
    private static IEnumerable<string> Break(string line, TrueTypeFont font, double width)
    {
        var current = "";
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = current.Length == 0 ? word : $"{current} {word}";
            if (current.Length > 0 && font.Width(longer) > width)
            {
                yield return current;
                longer = word;
            }
            current = longer;
        }
        yield return current;
    }
}
