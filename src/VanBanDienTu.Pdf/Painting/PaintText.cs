using System.Runtime.InteropServices;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Pdf;

/// <summary>One shown character, whether it leaves a mark or not.</summary>
/// <param name="Font">Says what the code means.</param>
/// <param name="Code">As it was shown.</param>
/// <param name="From">Where its baseline begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Size">Of the letters, as they stand on the page.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaintedLetter(TextFont Font, uint Code, PaintPoint From, PaintPoint To, double Size);

/// <summary>Takes a letter that is shown.</summary>
/// <param name="box">About what its ink takes.</param>
internal delegate void LetterShown(PaintState state, PaintedLetter letter, PdfRectangle box);

/// <summary>The text object: where the next glyph goes (ISO 32000-2, 9.4).</summary>
internal sealed class PaintText
{
    private const double Below = -0.1; // of the size: where the body of a letter ends
    private const double Above = 0.7;

    private PaintMatrix line = PaintMatrix.Identity;
    private PaintMatrix place = PaintMatrix.Identity;

    /// <returns>The state after the operator; null when it is none of text.</returns>
    public PaintState? Apply(string name, List<PdfObject> operands, PaintState state, LetterShown mark)
    {
        switch (name, operands)
        {
            case ("BT", _):
                line = place = PaintMatrix.Identity;
                return state;
            case ("Td", [PdfNumber x, PdfNumber y]):
                return Next(state, x.Number, y.Number);
            case ("TD", [PdfNumber x, PdfNumber y]):
                return Next(state with { Leading = -y.Number }, x.Number, y.Number);
            case ("T*", _):
                return Next(state, 0, -state.Leading);
            case ("Tm", [PdfNumber a, PdfNumber b, PdfNumber c, PdfNumber d, PdfNumber e, PdfNumber f]):
                line = place = new(a.Number, b.Number, c.Number, d.Number, e.Number, f.Number);
                return state;
            case ("Tj", [PdfString text]):
                return Show(state, [text], mark);
            case ("TJ", [PdfArray parts]):
                return Show(state, parts.Items, mark);
            case ("'", [PdfString text]):
                return Show(Next(state, 0, -state.Leading), [text], mark);
            case ("\"", [PdfNumber word, PdfNumber character, PdfString text]):
                return Show(Next(state with { WordSpace = word.Number, CharSpace = character.Number }, 0, -state.Leading), [text], mark);
            case ("Tc", [PdfNumber n]):
                return state with { CharSpace = n.Number };
            case ("Tw", [PdfNumber n]):
                return state with { WordSpace = n.Number };
            case ("Tz", [PdfNumber n]):
                return state with { Stretch = n.Number / 100 };
            case ("TL", [PdfNumber n]):
                return state with { Leading = n.Number };
            case ("Ts", [PdfNumber n]):
                return state with { Rise = n.Number };
            case ("Tr", [PdfInteger n]):
                return state with { Mode = n.Value };
            default:
                return null;
        }
    }

    private PaintState Next(PaintState state, double x, double y)
    {
        line = place = PaintMatrix.Move(x, y).Then(line);
        return state;
    }

    private PaintState Show(PaintState state, IEnumerable<PdfObject> parts, LetterShown mark)
    {
        foreach (var part in parts)
        {
            if (part is PdfNumber back)
                place = PaintMatrix.Move(-back.Number / 1000 * state.Size * state.Stretch, 0).Then(place);
            else if (part is PdfString text && state.Font is { } font)
                Show(state, font, text.Bytes, mark);
        }
        return state;
    }

    private void Show(PaintState state, TextFont font, ReadOnlyMemory<byte> text, LetterShown mark)
    {
        for (var rest = text.Span; rest.Length > 0;)
        {
            var code = font.Take(ref rest);
            var width = code.Width * state.Size * state.Stretch;
            if (!code.IsBlank)
            {
                var whole = place.Then(state.Place);
                mark(state, new PaintedLetter(font, code.Code, whole.Apply(0, state.Rise), whole.Apply(width, state.Rise),
                    Math.Abs(state.Size) * Math.Sqrt(whole.C * whole.C + whole.D * whole.D)),
                    whole.Bounds(new(0, state.Rise + Below * state.Size, width, state.Rise + Above * state.Size)));
            }
            place = PaintMatrix.Move(width + (state.CharSpace + (code.IsSpace ? state.WordSpace : 0)) * state.Stretch, 0).Then(place);
        }
    }
}
