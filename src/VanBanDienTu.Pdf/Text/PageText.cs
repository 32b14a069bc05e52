using System.Buffers;
using System.Text;
using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf.Text;

/// <summary>The text of one page with its places, on the page as it is shown. Text that only annotations show is not in it.</summary>
public sealed class PageText
{
    /// <summary>Characters stand on one line when their baselines differ by less than this share of their size.</summary>
    private const double SameLine = 0.35;

    /// <summary>Two equal letters nearer than this share of their size are one.</summary>
    private const double SameLetter = 0.1;

    /// <summary>Words further apart than so many times their size are not one name, but two columns.</summary>
    private const double WidestGap = 2.5;

    private readonly IReadOnlyList<TextGlyph> glyphs;
    private readonly List<List<TextGlyph>> lines = [];
    private List<FoldedLine>? folded;

    private PageText(PageFrame frame, IReadOnlyList<TextGlyph> glyphs)
    {
        (Frame, this.glyphs) = (frame, glyphs);
        var downwards = glyphs.Where(g => g.IsUpright && !g.IsBlank).OrderByDescending(g => g.Y).ToList();
        for (var (first, next) = (0, 1); first < downwards.Count; next++)
        {
            if (next < downwards.Count && Math.Abs(downwards[first].Y - downwards[next].Y) < SameLine * downwards[next].Size)
                continue;
            lines.Add(downwards[first..next]);
            first = next;
        }
        foreach (var line in lines)
        {
            line.Sort((a, b) => a.X.CompareTo(b.X));
            for (var i = line.Count - 1; i > 0; i--)
            {
                if (line[i].Text == line[i - 1].Text && line[i].X - line[i - 1].X < SameLetter * line[i].Size)
                    line.RemoveAt(i); // shown twice to look bold
            }
        }
    }

    /// <summary>How the page is shown.</summary>
    public PageFrame Frame { get; }

    /// <summary>Reads a page.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.LimitExceeded"/>, or the page has no size.</exception>
    public static PageText Read(PdfFile file, PdfPage page)
    {
        var frame = PageFrame.Of(file, page);
        // What comes after damaged content cannot be found; what came before can.
        return new PageText(frame, Glyphs(file.At(file.Newest).Painted.Of(page).Scan.Letters!, frame.ToShown));
    }

    /// <summary>Letters with their text; a mark that is shown by itself belongs to the letter before it.</summary>
    private static List<TextGlyph> Glyphs(List<PaintedLetter> letters, PaintMatrix toShown)
    {
        var (composed, scale) = (new List<TextGlyph>(letters.Count), toShown.Scale);
        foreach (var letter in letters)
        {
            var text = letter.Font.Text(letter.Code);
            if (text.Length > 0 && LatinLetters.AreMarks(text) && composed.Count > 0)
                composed[^1] = composed[^1] with { Text = LatinLetters.Compose(composed[^1].Text + text) };
            else if (text.Length > 0)
            {
                var (from, to) = (toShown.Apply(letter.From.X, letter.From.Y), toShown.Apply(letter.To.X, letter.To.Y));
                composed.Add(new TextGlyph(LatinLetters.Compose(text), from.X, from.Y, to.X, to.Y, scale * letter.Size));
            }
        }
        return composed;
    }

    /// <summary>Where some words stand on one line, from the top of the page: composed or decomposed letters are the same, white space does not
    /// count, and the case only when they are found as they were given.</summary>
    public IReadOnlyList<PdfRectangle> Find(string words)
    {
        var wanted = Folded(words);
        if (wanted.Length == 0)
            return [];
        folded ??= lines.ConvertAll(FoldedLine.Of);
        var exact = folded.SelectMany(l => l.Find(wanted, StringComparison.Ordinal)).ToList();
        return exact.Count > 0 ? exact : [.. folded.SelectMany(l => l.Find(wanted, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>The lower edge of the nearest text above a height, between two verticals; the page's top when there is none.</summary>
    public double Ceiling(double above, double left, double right) =>
        glyphs.Where(g => !g.IsBlank && g.Box is var b && b.Bottom >= above - 0.01 && b.Left < right && b.Right > left).Select(g => g.Box.Bottom).DefaultIfEmpty(Frame.Height).Min();

    /// <summary>The text that a rectangle would lie on, in reading order; empty when it is free.</summary>
    public string Under(PdfRectangle place)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var under = line.Where(g => Overlaps(g.Box, place)).ToList();
            if (under.Count > 0 && text.Length > 0)
                text.Append(' ');
            for (var i = 0; i < under.Count; i++)
                text.Append(i > 0 && under[i].X - under[i - 1].EndX > 0.15 * under[i].Size ? " " : "").Append(under[i].Text);
        }
        foreach (var glyph in glyphs.Where(g => !g.IsUpright && !g.IsBlank && Overlaps(g.Box, place)))
            text.Append(glyph.Text);
        return text.ToString();
    }

    private static bool Overlaps(PdfRectangle a, PdfRectangle b) => a.Left < b.Right && b.Left < a.Right && a.Bottom < b.Top && b.Bottom < a.Top;

    private static string Folded(string text)
    {
        var composed = LatinLetters.Compose(text);
        return composed.AsSpan().ContainsAny(Blanks) ? string.Concat(composed.Where(c => !char.IsWhiteSpace(c))) : composed;
    }

    private static readonly SearchValues<char> Blanks = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(char.IsWhiteSpace)]);

    /// <summary>A line without its white space, and whose each character is.</summary>
    private sealed record FoldedLine(string Text, List<TextGlyph> Owners)
    {
        public static FoldedLine Of(List<TextGlyph> line)
        {
            var (text, owners) = (new StringBuilder(line.Count), new List<TextGlyph>(line.Count));
            foreach (var glyph in line)
            {
                var folded = Folded(glyph.Text);
                text.Append(folded);
                for (var i = 0; i < folded.Length; i++)
                    owners.Add(glyph);
            }
            return new FoldedLine(text.ToString(), owners);
        }

        public IEnumerable<PdfRectangle> Find(string wanted, StringComparison comparison)
        {
            for (var at = Text.IndexOf(wanted, comparison); at >= 0; at = Text.IndexOf(wanted, at + 1, comparison))
            {
                var found = Owners.GetRange(at, wanted.Length);
                if (found.Zip(found.Skip(1)).All(pair => pair.Second.X - pair.First.EndX < WidestGap * pair.First.Size))
                    yield return new PdfRectangle(found.Min(g => g.Box.Left), found.Min(g => g.Box.Bottom), found.Max(g => g.Box.Right), found.Max(g => g.Box.Top));
            }
        }
    }
}
