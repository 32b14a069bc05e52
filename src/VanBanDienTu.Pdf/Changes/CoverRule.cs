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
                if (work.After.Load(name) is not PdfDictionary after)
                    continue;
                var before = work.Before.Load(name) as PdfDictionary;
                if (before is not null && SignatureFieldReader.RectOf(work.Before, work.Before.Get(before, "Rect")) is { } rect && AnnotationLook.Shown(work.Before, before, rect) is { Count: > 0 } lifted)
                    Revealed(work, name, page, (signed ??= Signed(work, page)).Glyphs, lifted, Ground(work.After, after));
                if (Covers(work.After, after) is not { Count: > 0 } areas)
                    continue;
                signed ??= Signed(work, page);
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

    /// <summary>Words that an opaque field lay over were not seen by who signed: they must not come out when the field is filled in.</summary>
    private static void Revealed(Difference work, PdfRef name, PdfRef page, List<PaintedGlyph> glyphs, List<PaintedArea> lifted, List<PaintedArea> left)
    {
        var revealed = glyphs.Count(g => IsHidden(work, g, lifted) && !IsHidden(work, g, left) && !g.IsLeader);
        if (revealed > 0)
        {
            work.Refuse(ChangeClass.Undefined, name, $"Hình mới để lộ {revealed} ký tự của trang (đối tượng {page}) mà người ký không nhìn thấy.",
                $"A new appearance uncovers {revealed} characters of the page (object {page}) that nobody saw when it was signed.");
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

    private static List<PaintedArea> Covers(PdfView view, PdfDictionary annotation) => WithGround(view, annotation, AnnotationLook.Of(view, annotation).Areas);

    /// <summary>What the annotation hid before.</summary>
    private static List<PaintedArea> Ground(PdfView view, PdfDictionary annotation) => WithGround(view, annotation, AnnotationLook.Surely(view, annotation));

    /// <summary>Where readers are asked to draw the fields anew, a background colour counts for the whole rectangle.</summary>
    private static List<PaintedArea> WithGround(PdfView view, PdfDictionary annotation, List<PaintedArea> areas)
    {
        if (annotation.Has("AP") && view.Get(view.Catalog, "AcroForm") is PdfDictionary form && view.Get(form, "NeedAppearances") is PdfBoolean { Value: true }
            && SignatureFieldReader.RectOf(view, view.Get(annotation, "Rect")) is { } rect)
            areas.AddRange(DrawnByReaders.Of(view, annotation, rect));
        return areas;
    }

    /// <summary>The letters (also those that are outlines) and images of the page as it was, with those of its annotations. Signatures' own pictures may overlap, as a seal does a name.</summary>
    private static (List<PaintedGlyph>, List<PaintedPicture>) Signed(Difference work, PdfRef name)
    {
        var view = work.Before;
        if ((view.Pages.Find(name) ?? view.Pages.All.FirstOrDefault(p => p.Ref == name)) is not { } page) // not every page knows its parent
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
