using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf.Text;

/// <summary>Runs a page's content as far as it shows text, form XObjects included, and notes every character with its place.</summary>
/// <remarks>Source: ISO 32000-2, 9.4 and 8.10.</remarks>
internal sealed class TextInterpreter(PdfFile file)
{
    private const int MaxForms = 32;
    private const int MaxStates = 256;
    private const int MaxGlyphs = 1_000_000;

    private readonly PdfView view = file.At(file.Newest);
    private readonly Dictionary<PdfDictionary, TextFont> fonts = [];
    private readonly List<TextGlyph> glyphs = [];
    private readonly Stack<TextState> saved = new();
    private readonly HashSet<PdfStream> open = []; // a form that shows itself shows nothing
    private TextState state = new() { Space = Affine.Identity };
    private Affine line = Affine.Identity;
    private Affine place = Affine.Identity;

    /// <summary>The characters of a page in the order in which they are shown.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.LimitExceeded"/>.</exception>
    public IReadOnlyList<TextGlyph> Run(PdfPage page, PageFrame frame)
    {
        state = new TextState { Space = frame.ToShown };
        Run(Content(view.Get(page.Dictionary, "Contents")), view.Resolve(page.Inherited("Resources")) as PdfDictionary ?? PdfDictionary.Empty);
        return glyphs;
    }

    /// <summary>A page's streams are one program, cut between tokens.</summary>
    private byte[] Content(PdfObject contents)
    {
        var whole = new MemoryStream();
        foreach (var part in contents is PdfArray parts ? parts.Items.Select(view.Resolve) : [contents])
        {
            if (part is not PdfStream stream)
                continue;
            whole.Write(Decoded(stream));
            whole.WriteByte((byte)'\n');
            if (whole.Length > file.Limits.MaxDecodedBytes)
                throw PdfException.Limit("bytes of a page's content");
        }
        return whole.ToArray();
    }

    private byte[] Decoded(PdfStream stream)
    {
        try
        {
            return view.Decode(stream);
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return []; // damaged content shows nothing we could find
        }
    }

    private void Run(byte[] content, PdfDictionary resources)
    {
        var floor = saved.Count;
        foreach (var operation in ContentReader.Read(content, file.Limits))
        {
            file.Budget.Step();
            var n = operation.Operands.Select(o => o is PdfNumber number ? number.Number : 0).ToArray();
            switch (operation.Name)
            {
                case "q" when saved.Count < MaxStates: saved.Push(state); break;
                case "Q" when saved.Count > floor: state = saved.Pop(); break;
                case "cm" when n.Length == 6: state = state with { Space = new Affine(n[0], n[1], n[2], n[3], n[4], n[5]).Then(state.Space) }; break;
                case "Do" when operation.Operands is [PdfName form]: Form(Resource(resources, "XObject", form.Value) as PdfStream, resources); break;
                case "Tf" when operation.Operands is [PdfName font, PdfNumber size]: state = state with { Font = FontOf(resources, font.Value), Size = size.Number }; break;
                default: Text(operation, n); break;
            }
        }
        while (saved.Count > floor)
            state = saved.Pop();
    }

    private void Text(ContentOperation operation, double[] n)
    {
        switch (operation.Name)
        {
            case "BT": line = place = Affine.Identity; break;
            case "Tc" when n.Length == 1: state = state with { LetterSpacing = n[0] }; break;
            case "Tw" when n.Length == 1: state = state with { WordSpacing = n[0] }; break;
            case "Tz" when n.Length == 1: state = state with { Scale = n[0] / 100 }; break;
            case "TL" when n.Length == 1: state = state with { Leading = n[0] }; break;
            case "Ts" when n.Length == 1: state = state with { Rise = n[0] }; break;
            case "Tm" when n.Length == 6: line = place = new Affine(n[0], n[1], n[2], n[3], n[4], n[5]); break;
            case "Td" when n.Length == 2: Move(n[0], n[1]); break;
            case "TD" when n.Length == 2:
                state = state with { Leading = -n[1] };
                Move(n[0], n[1]);
                break;
            case "T*": Move(0, -state.Leading); break;
            case "Tj" when operation.Operands is [PdfString shown]: Show(shown); break;
            case "TJ" when operation.Operands is [PdfArray parts]: Show(parts); break;
            case "'" when operation.Operands is [PdfString shown]:
                Move(0, -state.Leading);
                Show(shown);
                break;
            case "\"" when operation.Operands is [_, _, PdfString shown]:
                state = state with { WordSpacing = n[0], LetterSpacing = n[1] };
                Move(0, -state.Leading);
                Show(shown);
                break;
        }
    }

    private void Move(double x, double y) => line = place = new Affine(1, 0, 0, 1, x, y).Then(line);

    private void Show(PdfArray parts)
    {
        foreach (var part in parts.Items)
        {
            if (part is PdfString shown)
                Show(shown);
            else if (part is PdfNumber back)
                place = new Affine(1, 0, 0, 1, -back.Number / 1000 * state.Size * state.Scale, 0).Then(place);
        }
    }

    private void Show(PdfString shown)
    {
        foreach (var code in state.Font?.Decode(shown.Bytes) ?? [])
        {
            var whole = place.Then(state.Space);
            var (x, y) = whole.Apply(0, state.Rise);
            var (endX, endY) = whole.Apply(code.Width * state.Size * state.Scale, state.Rise);
            var size = Math.Abs(state.Size) * Math.Sqrt(whole.C * whole.C + whole.D * whole.D);
            Note(new TextGlyph(code.Text, x, y, endX, endY, size));
            var advance = (code.Width * state.Size + state.LetterSpacing + (code.IsSpace ? state.WordSpacing : 0)) * state.Scale;
            place = new Affine(1, 0, 0, 1, advance, 0).Then(place);
        }
    }

    /// <summary>A mark that is shown by itself belongs to the letter before it.</summary>
    private void Note(TextGlyph glyph)
    {
        if (glyphs.Count >= MaxGlyphs)
            throw PdfException.Limit($"{MaxGlyphs} characters on a page");
        if (glyph.Text.Length > 0 && glyph.Text.All(LatinLetters.IsMark) && glyphs.Count > 0)
            glyphs[^1] = glyphs[^1] with { Text = LatinLetters.Compose(glyphs[^1].Text + glyph.Text) };
        else if (glyph.Text.Length > 0)
            glyphs.Add(glyph with { Text = LatinLetters.Compose(glyph.Text) });
    }

    private void Form(PdfStream? form, PdfDictionary above)
    {
        if (form is null || view.Get(form.Dictionary, "Subtype") is not PdfName { Value: "Form" } || open.Count >= MaxForms || !open.Add(form))
            return;
        var (outer, outerLine, outerPlace) = (state, line, place);
        state = state with { Space = (Affine.Of(view, form.Dictionary["Matrix"]) ?? Affine.Identity).Then(state.Space) };
        Run(Decoded(form), view.Get(form.Dictionary, "Resources") as PdfDictionary ?? above);
        open.Remove(form);
        (state, line, place) = (outer, outerLine, outerPlace);
    }

    private TextFont? FontOf(PdfDictionary resources, string name)
    {
        if (Resource(resources, "Font", name) is not PdfDictionary font)
            return null;
        if (!fonts.TryGetValue(font, out var known))
            fonts[font] = known = new TextFont(view, font);
        return known;
    }

    private PdfObject Resource(PdfDictionary resources, string category, string name) =>
        view.Get(resources, category) is PdfDictionary entries ? view.Get(entries, name) : PdfNull.Instance;
}
