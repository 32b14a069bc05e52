namespace VanBanDienTu.Pdf;

/// <summary>
/// What a later revision draws may lie beside the signed text, or over it as glass does (a seal, a mark of a pen), but must not hide it: an opaque
/// box with other words on it is how a signature's or a field's appearance falsifies a page.
/// </summary>
/// <remarks>Source: Mladenov and others, «Attacks on PDF Certification» (2021): evil annotation attack, sneaky signature attack.</remarks>
internal static class CoverRule
{
    private const int LinesInAStep = 16;

    public static void Check(Difference work, PdfRef page, IReadOnlyList<PdfObject> annotations)
    {
        (List<PaintedGlyph> Glyphs, List<PaintedPicture> Pictures)? signed = null;
        foreach (var name in annotations.OfType<PdfReference>().Select(r => r.Target).Where(work.Redrawn.Contains))
        {
            try
            {
                if (work.After.Load(name) is not PdfDictionary after || AnnotationLook.Of(work.After, after).Areas is not { Count: > 0 } areas)
                    continue;
                signed ??= Signed(work, page);
                var before = work.Before.Load(name) as PdfDictionary;
                var known = before is null ? [] : Ground(work.Before, before);
                var hidden = signed.Value.Glyphs.Count(g => IsHidden(work, g, areas) && !IsHidden(work, g, known));
                if (hidden > 0)
                {
                    work.Refuse(ChangeClass.Undefined, name, $"Hình mới che {hidden} ký tự đã được ký của trang (đối tượng {page}).",
                        $"A new appearance hides {hidden} signed characters of the page (object {page}).");
                }
                else if (signed.Value.Pictures.Exists(p => p.LosesMarks(work.Before, areas, known)))
                {
                    work.Refuse(ChangeClass.Undefined, name, $"Hình mới che nội dung của ảnh đã được ký trên trang (đối tượng {page}).",
                        $"A new appearance hides what a signed image shows on the page (object {page}).");
                }
            }
            catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
            {
                work.Refuse(ChangeClass.Undefined, name, "Không đọc được hình mới nên không biết nó che gì trên trang.", "A new appearance cannot be read, nor what it hides on the page.");
            }
        }
    }

    private static bool IsHidden(Difference work, PaintedGlyph glyph, List<PaintedArea> areas)
    {
        var budget = work.After.File.Budget;
        List<PaintedArea>? near = null;
        foreach (var area in areas)
        {
            budget.Step();
            if (PaintScan.Meet(area.Clip, glyph.Box) is { Width: >= 0, Height: >= 0 })
                (near ??= []).Add(area);
        }
        for (var i = near?.Sum(a => a.Lines) ?? 0; i > 0; i -= LinesInAStep)
            budget.Step();
        return near is not null && glyph.IsHiddenBy(near);
    }

    /// <summary>What the annotation hid before; a background colour of its own counts for its whole rectangle, whether it had a look or not.</summary>
    private static List<PaintedArea> Ground(PdfView view, PdfDictionary annotation)
    {
        var areas = AnnotationLook.Of(view, annotation).Areas;
        if (annotation.Has("AP") && SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is { } rect)
            areas.AddRange(DrawnByReaders.Of(view, annotation, rect));
        return areas;
    }

    /// <summary>The letters (also those that are outlines) and images of the page as it was, with those of its annotations. Signatures' own pictures may overlap, as a seal does a name.</summary>
    private static (List<PaintedGlyph>, List<PaintedPicture>) Signed(Difference work, PdfRef name)
    {
        var view = work.Before;
        if (view.Pages.Find(name) is not { } page)
            return ([], []);
        var scan = new PaintScan(view);
        scan.Page(page, new PdfRectangle(-1e6, -1e6, 1e6, 1e6));
        List<PaintedGlyph> glyphs = [.. scan.Glyphs, .. scan.Shapes];
        foreach (var item in (view.Get(page.Dictionary, "Annots") as PdfArray)?.Items ?? [])
        {
            var redrawn = item is PdfReference { Target: var annotation } && work.Redrawn.Contains(annotation);
            if (!redrawn && view.Resolve(item) is PdfDictionary shown && shown["FT"] is not PdfName { Value: "Sig" })
                glyphs.AddRange(AnnotationLook.Of(view, shown).Glyphs);
        }
        return (glyphs, scan.Pictures);
    }
}
