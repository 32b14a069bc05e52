namespace VanBanDienTu.Pdf;

/// <summary>
/// What readers paint for an annotation without an appearance: the lines of a drawing, the ground of a field. White ink in thick lines, or in many thin ones, takes
/// letters away like any cover.
/// </summary>
/// <remarks>Source: ISO 32000-2, 12.5.6 and table 192 (MK).</remarks>
internal static class DrawnByReaders
{
    private const int CircleParts = 24;

    public static IEnumerable<PaintedArea> Of(PdfView view, PdfDictionary annotation, PdfRectangle rect)
    {
        var width = Width(view, annotation);
        var glass = view.Get(annotation, "CA") is PdfNumber opacity ? 1 - Math.Clamp(opacity.Number, 0, 1) : 0;
        var kind = (view.Get(annotation, "Subtype") as PdfName)?.Value;
        if (kind == "Widget" && view.Get(annotation, "MK") is PdfDictionary colours && view.Get(colours, "BG") is PdfArray { Count: > 0 })
            yield return new PaintedBox(rect);
        List<List<PaintPoint>> lines = kind switch
        {
            "Ink" => [.. (view.Get(annotation, "InkList") as PdfArray)?.Items.Select(i => Points(view, i)) ?? []],
            "Line" => [Points(view, annotation["L"])],
            "PolyLine" => [Points(view, annotation["Vertices"])],
            "Polygon" => [Closed(Points(view, annotation["Vertices"]))],
            "Square" => [Closed([new(rect.Left, rect.Bottom), new(rect.Right, rect.Bottom), new(rect.Right, rect.Top), new(rect.Left, rect.Top)])],
            "Circle" => [Circle(rect)],
            "Underline" or "StrikeOut" or "Squiggly" => [.. Quads(view, annotation).Select(q => kind == "StrikeOut" ? Middle(q) : q.GetRange(2, 2))],
            _ => [],
        };
        lines.RemoveAll(l => l.Count < 2);
        if (lines.Count > 0 && width > 0)
            yield return new PaintedStroke(lines, width, Bounds(lines.SelectMany(l => l), width)) { Glass = glass };
        // A highlight multiplies: only a dark one takes anything away.
        if (kind == "Highlight" && Tone(view, annotation["C"]) is PaintTone.Dark)
        {
            foreach (var quad in Quads(view, annotation))
                yield return new PaintedBox(Bounds(quad, 0)) { Glass = glass };
        }
    }

    private static double Width(PdfView view, PdfDictionary annotation) =>
        view.Get(annotation, "BS") is PdfDictionary border && view.Get(border, "W") is PdfNumber w ? w.Number
            : view.Get(annotation, "Border") is PdfArray { Count: > 2 } line && view.Resolve(line[2]) is PdfNumber n ? n.Number : 1;

    private static PaintTone Tone(PdfView view, PdfObject colour) =>
        view.Resolve(colour) is PdfArray { Count: > 0 } parts ? PaintInk.Black.Of([.. parts.Items.Select(view.Resolve).OfType<PdfNumber>().Select(n => n.Number)]).Tone : PaintTone.Middle;

    private static List<PaintPoint> Points(PdfView view, PdfObject value)
    {
        var numbers = (view.Resolve(value) as PdfArray)?.Items.Select(view.Resolve).OfType<PdfNumber>().Select(n => n.Number).ToList() ?? [];
        return [.. numbers.Chunk(2).Where(p => p.Length == 2).Select(p => new PaintPoint(p[0], p[1]))];
    }

    /// <summary>Four corners each: upper left, upper right, lower left, lower right, as programs write them.</summary>
    private static IEnumerable<List<PaintPoint>> Quads(PdfView view, PdfDictionary annotation) => Points(view, annotation["QuadPoints"]).Chunk(4).Where(q => q.Length == 4).Select(q => q.ToList());

    private static List<PaintPoint> Middle(List<PaintPoint> q) =>
        [new((q[0].X + q[2].X) / 2, (q[0].Y + q[2].Y) / 2), new((q[1].X + q[3].X) / 2, (q[1].Y + q[3].Y) / 2)];

    private static List<PaintPoint> Closed(List<PaintPoint> points) => points.Count == 0 ? points : [.. points, points[0]];

    private static List<PaintPoint> Circle(PdfRectangle r) =>
        [.. Enumerable.Range(0, CircleParts + 1).Select(i => 2 * Math.PI * i / CircleParts)
            .Select(t => new PaintPoint(r.Left + r.Width * (1 + Math.Cos(t)) / 2, r.Bottom + r.Height * (1 + Math.Sin(t)) / 2))];

    private static PdfRectangle Bounds(IEnumerable<PaintPoint> points, double margin)
    {
        var all = points.ToList();
        return new(all.Min(p => p.X) - margin, all.Min(p => p.Y) - margin, all.Max(p => p.X) + margin, all.Max(p => p.Y) + margin);
    }
}
