using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Pdf;

/// <summary>A letter on a page: the box that it stands in.</summary>
internal readonly record struct PaintedGlyph(PdfRectangle Box)
{
    /// <summary>Says what the code means; null of a shape.</summary>
    public TextFont? Font { get; init; }

    /// <summary>As it was shown.</summary>
    public uint Code { get; init; }

    /// <summary>A dot or a line, such as one writes on; what nothing is known of is none.</summary>
    public bool IsLeader => Font?.Text(Code) is { Length: > 0 } text && !text.Any(char.IsLetterOrDigit);

    private static readonly (double X, double Y)[] Samples = [(0.5, 0.5), (0.25, 0.3), (0.75, 0.3), (0.25, 0.7), (0.75, 0.7)];

    /// <summary>Of the samples: with its left or lower half gone an 8 is a 3, or a 0.</summary>
    private const int Enough = 2;

    /// <summary>Points; a line no thicker is a line through the text.</summary>
    public const double PenWidth = 2.5;

    private const double Margin = 0.15;

    /// <summary>So much of it cannot be seen any more that it may be taken for another.</summary>
    public bool IsHiddenBy(IReadOnlyList<PaintedArea> areas)
    {
        var hidden = 0;
        foreach (var (x, y) in Samples)
        {
            var p = new PaintPoint(Box.Left + x * Box.Width, Box.Bottom + y * Box.Height);
            if (PaintedArea.Hide(areas, p, Math.Min(PenWidth / 2, Margin * Math.Abs(Box.Height))))
                hidden++;
        }
        return hidden >= Enough;
    }
}

/// <summary>
/// Runs a content stream without drawing it and notes where its letters stand and which areas it fills. Exact enough to say what lies over what;
/// not a renderer: shapes of glyphs, patterns and optional content are not looked at, and count as painted.
/// </summary>
internal sealed class PaintScan(PdfView view)
{
    private const int MaxDepth = 12;
    public const int MaxParts = 300_000;
    private const int MaxLines = 1_000_000;
    private const int CurvedLines = 12; // a curve is cut into eight; boxes, rules and arrows have fewer
    private const double LargestShape = 72;
    private const double LeastMark = 2; // points; what is thinner is a rule
    private const double ThickestOutline = 0.15; // of a letter's size; with a thicker one it is a blot

    private readonly Dictionary<PdfObject, TextFont> fonts = [];
    private readonly HashSet<PdfStream> open = []; // a form that shows itself shows nothing
    private int lines;

    public List<PaintedGlyph> Glyphs { get; } = [];

    public List<PaintedArea> Areas { get; } = [];

    /// <summary>For each of <see cref="Areas"/>, how many letters were painted before it: those it can hide.</summary>
    public List<int> LettersBefore { get; } = [];

    /// <summary>Notes only what is certainly seen: plainly filled shapes, outside layers, masks and odd clips; nothing that other objects draw.</summary>
    public bool Surely { get; init; }

    /// <summary>Of an appearance: what it names and does not hold itself, a reader may find elsewhere.</summary>
    private bool isLook;
    private int marked; // open parts of marked content
    private int layered; // the outermost of them that belongs to a layer

    /// <summary>When set, receives every character, those that leave no mark too (text under a scanned page).</summary>
    public List<PaintedLetter>? Letters { get; init; }

    /// <summary>Images that were painted, however much shines through them.</summary>
    public List<PaintedPicture> Pictures { get; } = [];

    /// <summary>Small shapes: letters that somebody turned into outlines, ticks, cells of a code.</summary>
    public List<PaintedGlyph> Shapes { get; } = [];

    /// <summary>How much was noted; a letter and its box count once.</summary>
    public int Parts => Areas.Count + Math.Max(Glyphs.Count, Letters?.Count ?? 0);

    /// <summary>Something else than areas of colour was painted: text, an image.</summary>
    public bool SaysSomething { get; private set; }

    /// <summary>The content of a page, in its user space or where <paramref name="place"/> puts that.</summary>
    public void Page(PdfPage page, PdfRectangle box, PaintMatrix? place = null)
    {
        var parts = view.Get(page.Dictionary, "Contents") is PdfArray array ? array.Items.Select(view.Resolve) : [view.Get(page.Dictionary, "Contents")];
        var content = Joined([.. parts.OfType<PdfStream>().Select(view.Decode)]);
        Run(content, view.Resolve(page.Inherited("Resources")) as PdfDictionary ?? PdfDictionary.Empty, new PaintState(place ?? PaintMatrix.Identity, box), 0);
    }

    /// <summary>An annotation's appearance as its rectangle shows it (ISO 32000-2, 12.5.5).</summary>
    public void Look(PdfStream look, PdfRectangle rect)
    {
        isLook = true;
        var inner = PaintMatrix.Of(view, look.Dictionary["Matrix"]);
        if (SignatureFieldReader.RectOf(view, view.Get(look.Dictionary, "BBox")) is not { } box || inner.Bounds(box) is not { Width: > 0, Height: > 0 } shown)
        {
            Unscaled(look, rect);
            return;
        }
        var (x, y) = (rect.Width / shown.Width, rect.Height / shown.Height);
        var place = new PaintMatrix(x, 0, 0, y, rect.Left - shown.Left * x, rect.Bottom - shown.Bottom * y);
        Form(look, new PaintState(place, rect), PdfDictionary.Empty, 0);
    }

    /// <summary>Without a box that has a size some readers show nothing, others take the unit square or the units of the page.</summary>
    private void Unscaled(PdfStream look, PdfRectangle rect)
    {
        if (Surely)
            return;
        var probe = new PaintScan(view) { isLook = true };
        probe.Run(view.Decode(look), view.Get(look.Dictionary, "Resources") as PdfDictionary ?? PdfDictionary.Empty, new PaintState(PaintMatrix.Identity, new(-1e6, -1e6, 1e6, 1e6)), 0);
        SaysSomething |= probe.SaysSomething;
        if (probe.SaysSomething || probe.Areas.Count > 0)
            Add(new PaintState(PaintMatrix.Identity, rect), new PaintedBox(rect));
    }

    /// <summary>The parts of a page's content are one stream; where one ends, so does a word.</summary>
    private static byte[] Joined(byte[][] parts)
    {
        if (parts is [var only])
            return only;
        using var content = new MemoryStream(parts.Sum(part => part.Length + 1));
        foreach (var part in parts)
        {
            content.Write(part);
            content.WriteByte((byte)'\n');
        }
        return content.ToArray();
    }

    private void Form(PdfStream form, PaintState state, PdfDictionary outer, int depth)
    {
        var place = PaintMatrix.Of(view, form.Dictionary["Matrix"]).Then(state.Place);
        var clip = SignatureFieldReader.RectOf(view, view.Get(form.Dictionary, "BBox")) is { } box ? Meet(state.Clip, place.Bounds(box)) : state.Clip;
        if (depth > MaxDepth)
            throw PdfException.Limit("nesting of forms");
        if (!open.Add(form))
            return;
        Run(view.Decode(form), view.Get(form.Dictionary, "Resources") as PdfDictionary ?? outer, state with { Place = place, Clip = clip }, depth);
        open.Remove(form);
    }

    private void Run(byte[] bytes, PdfDictionary resources, PaintState state, int depth)
    {
        var content = new ContentReader(bytes, view.File.Limits.MaxDepth);
        var (stack, path, text) = (new Stack<PaintState>(), new PaintPath(), new PaintText());
        var (letter, area) = ((LetterShown)Glyph, (Action<PaintState, PaintedArea>)Add);
        while (content.Next() is { } name)
        {
            view.File.Budget.Step();
            if (Parts > MaxParts)
                throw PdfException.Limit($"{MaxParts} marks on a page");
            var operands = content.Operands;
            switch (name)
            {
                case "q" when stack.Count < 1000:
                    stack.Push(state);
                    break;
                case "Q" when stack.TryPop(out var saved):
                    state = saved;
                    break;
                case "cm" when Numbers(operands) is [var a, var b, var c, var d, var e, var f]:
                    state = state with { Place = new PaintMatrix(a, b, c, d, e, f).Then(state.Place) };
                    break;
                case "gs" when operands is [PdfName external] && Resource(resources, "ExtGState", external) is PdfDictionary given:
                    state = State(state, given);
                    break;
                case "BDC" or "BMC":
                    marked++;
                    if (layered == 0 && operands is [PdfName { Value: "OC" }, _])
                        layered = marked;
                    break;
                case "EMC" when marked > 0:
                    layered = layered == marked-- ? 0 : layered;
                    break;
                case "Do" when operands is [PdfName named]:
                    Object(Resource(resources, "XObject", named), state, resources, depth);
                    break;
                case "EI":
                    Picture(state, null);
                    break;
                case "sh":
                    Add(state, new PaintedBox(state.Clip));
                    break;
                case "Tf" when operands is [PdfName font, PdfNumber size]:
                    state = state with { Font = FontOf(Resource(resources, "Font", font)), Size = size.Number };
                    break;
                default:
                    state = Colour(state, name, operands, resources) ?? text.Apply(name, operands, state, letter) ?? path.Apply(name, Numbers(operands), state, area) ?? state;
                    break;
            }
        }
    }

    private void Object(PdfObject value, PaintState state, PdfDictionary resources, int depth)
    {
        if (Surely)
            return;
        if (value is not PdfStream item)
        {
            if (!isLook)
                return;
            SaysSomething = true;
            Add(state, new PaintedBox(state.Clip));
            return;
        }
        if (view.Get(item.Dictionary, "Subtype") is PdfName { Value: "Form" })
        {
            Form(item, state, resources, depth + 1);
            return;
        }
        Picture(state, item);
    }

    private void Picture(PaintState state, PdfStream? image)
    {
        SaysSomething = true;
        if (Pictures.Count < MaxParts && Meet(state.Clip, state.Place.Bounds(new(0, 0, 1, 1))) is { Width: > 0, Height: > 0 } seen)
            Pictures.Add(new PaintedPicture(image, state.Place, seen));
        Add(state, new PaintedImage(state.Place, image is null ? null : ImageMask.Of(view, image), state.Clip) { Ink = state.Darkens && image is not null ? Brightness.OfInk(view, image) : null });
    }

    private void Glyph(PaintState state, PaintedLetter letter, PdfRectangle box)
    {
        Letters?.Add(letter);
        if (state.Mode is 3 or 7)
            return;
        SaysSomething = true;
        var (filled, stroked) = (state.Mode is not (1 or 5), state.Mode is 1 or 2 or 5 or 6);
        if (filled && state.Fill.Erases || stroked && (state.Stroke.Erases || state.LineWidth * state.Place.Scale > ThickestOutline * letter.Size) || letter.Font.Solid)
            Add(state, new PaintedBox(Meet(state.Clip, box)));
        else
            Glyphs.Add(new PaintedGlyph(box) { Font = letter.Font, Code = letter.Code });
    }

    private void Add(PaintState state, PaintedArea area)
    {
        var ink = area is PaintedStroke ? state.Stroke : state.Fill;
        if (IsMark(area, ink.Tone) && Shapes.Count < MaxParts)
            Shapes.Add(new PaintedGlyph(area.Clip));
        if (Surely && (state.Doubtful || layered > 0 || area is not PaintedFill || ink.Tone == PaintTone.Unknown))
            return;
        var darkens = state.Darkens && area is not PaintedImage && ink.Tone is PaintTone.Middle or PaintTone.Light or PaintTone.Paper;
        if (darkens || ink.Glass >= 1 || area.Clip is not { Width: > 0, Height: > 0 })
            return;
        if ((lines += area.Lines) > MaxLines)
            throw PdfException.Limit($"{MaxLines} lines on a page");
        Areas.Add(area with { Glass = ink.Glass });
        LettersBefore.Add(Glyphs.Count);
    }

    /// <summary>An outline of a letter, a tick, a cell of a code; not a rule, a frame or a ground.</summary>
    private static bool IsMark(PaintedArea area, PaintTone tone)
    {
        var (margin, least) = area switch
        {
            PaintedFill { Lines: >= CurvedLines } when tone != PaintTone.Paper => (0, 0),
            PaintedFill when tone == PaintTone.Dark => (0, LeastMark),
            PaintedStroke { Width: var width } when tone == PaintTone.Dark => (2 * width, LeastMark),
            _ => (0, LargestShape),
        };
        return area.Clip.Width - margin > least && area.Clip.Height - margin > least && area.Clip is { Width: < LargestShape, Height: < LargestShape };
    }

    private PaintState State(PaintState state, PdfDictionary given)
    {
        if (view.Get(given, "ca") is PdfNumber fill)
            state = state with { Fill = state.Fill with { Glass = 1 - Math.Clamp(fill.Number, 0, 1) } };
        if (view.Get(given, "CA") is PdfNumber stroke)
            state = state with { Stroke = state.Stroke with { Glass = 1 - Math.Clamp(stroke.Number, 0, 1) } };
        if (given.Has("BM"))
            state = state with { Darkens = view.Get(given, "BM") is PdfName { Value: "Multiply" or "Darken" }, Doubtful = state.Doubtful || view.Get(given, "BM") is not PdfName { Value: "Normal" } };
        if (view.Get(given, "SMask") is PdfDictionary)
            state = state with { Doubtful = true };
        if (view.Get(given, "LW") is PdfNumber width)
            state = state with { LineWidth = width.Number };
        return view.Get(given, "Font") is PdfArray { Count: 2 } font && view.Resolve(font[1]) is PdfNumber size
            ? state with { Font = FontOf(view.Resolve(font[0])), Size = size.Number } : state;
    }

    private PdfObject Resource(PdfDictionary resources, string category, PdfName name) =>
        view.Get(resources, category) is PdfDictionary list ? view.Get(list, name.Value) : PdfNull.Instance;

    private TextFont? FontOf(PdfObject value)
    {
        if (value is not PdfDictionary font)
        {
            if (!isLook)
                return null;
            font = PdfDictionary.Empty; // readers take one of their own
        }
        if (!fonts.TryGetValue(font, out var known))
            fonts.Add(font, known = new TextFont(view, font));
        return known;
    }

    private PaintState? Colour(PaintState state, string name, List<PdfObject> operands, PdfDictionary resources) => name switch
    {
        "g" or "rg" or "k" => state with { Fill = (state.Fill with { Plain = true }).Of(Numbers(operands)) },
        "G" or "RG" or "K" => state with { Stroke = (state.Stroke with { Plain = true }).Of(Numbers(operands)) },
        "sc" or "scn" => state with { Fill = state.Fill.Of(Numbers(operands)) },
        "SC" or "SCN" => state with { Stroke = state.Stroke.Of(Numbers(operands)) },
        "cs" => state with { Fill = state.Fill.In(IsPlain(operands, resources)) },
        "CS" => state with { Stroke = state.Stroke.In(IsPlain(operands, resources)) },
        "w" => Numbers(operands) is [var width] ? state with { LineWidth = width } : state,
        _ => null,
    };

    /// <summary>Whether the numbers of a colour space are those of grey, RGB or CMYK.</summary>
    private bool IsPlain(List<PdfObject> operands, PdfDictionary resources)
    {
        if (operands is not [PdfName name])
            return false;
        var space = Resource(resources, "ColorSpace", name) is PdfNull ? name : Resource(resources, "ColorSpace", name);
        var family = space is PdfArray { Count: > 0 } array ? view.Resolve(array[0]) : space;
        return family is PdfName { Value: "DeviceGray" or "DeviceRGB" or "DeviceCMYK" or "CalGray" or "CalRGB" or "ICCBased" };
    }

    private static double[] Numbers(List<PdfObject> operands)
    {
        var numbers = operands.Count == 0 ? [] : new double[operands.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (operands[i] is not PdfNumber number)
                return [];
            numbers[i] = number.Number;
        }
        return numbers;
    }

    internal static PdfRectangle Meet(PdfRectangle a, PdfRectangle b) =>
        new(Math.Max(a.Left, b.Left), Math.Max(a.Bottom, b.Bottom), Math.Min(a.Right, b.Right), Math.Min(a.Top, b.Top));
}
