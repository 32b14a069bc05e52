namespace VanBanDienTu.Pdf;

/// <summary>The annotations of a page: the earlier ones stay, in their order; what is added must be a widget that the form's rule allowed.</summary>
internal static class AnnotationsRule
{
    /// <summary>A signature's picture is small; one that covers this share of the page may hide what was signed.</summary>
    private const double LargestShare = 1.0 / 2;

    /// <param name="work">The comparison.</param>
    /// <param name="before">/Annots of the page as it was.</param>
    /// <param name="after">/Annots of the page as it is.</param>
    /// <param name="page">The page's object.</param>
    /// <param name="dictionary">The page as it is.</param>
    public static void Compare(Difference work, PdfObject before, PdfObject after, PdfRef page, PdfDictionary dictionary)
    {
        var old = (work.Before.Resolve(before) as PdfArray)?.Items ?? [];
        var now = (work.After.Resolve(after) as PdfArray)?.Items ?? [];
        var known = old.OfType<PdfReference>().Select(r => r.Target).ToHashSet();
        var kept = new List<PdfObject>();
        foreach (var item in now)
        {
            if (item is PdfReference { Target: var name } && !known.Contains(name))
                Added(work, name, page);
            else
                kept.Add(item);
            if (item is PdfReference { Target: var signed } && work.NewWidgets.Contains(signed))
                Cover(work, signed, dictionary);
        }
        CoverRule.Check(work, page, now);
        if (kept.Count != old.Count)
        {
            work.Refuse(ChangeClass.Annotation, page, "Có chú thích trên trang được thêm vào hoặc bị gỡ bỏ.", "Annotations of the page were added or removed.");
            return;
        }
        for (var i = 0; i < old.Count; i++)
            work.Strict.Add(old[i], kept[i], page, "Page/Annots");
    }

    private static void Added(Difference work, PdfRef name, PdfRef page)
    {
        if (!work.NewWidgets.Contains(name) && work.After.Load(name) is PdfDictionary widget && LooseSignatures.Is(work.After, widget))
            NewFieldRule.Judge(work, name, FieldContext.Root);
        if (!work.NewWidgets.Contains(name) && !CommentRule.Judge(work, name))
        {
            work.Refuse(ChangeClass.Annotation, name, $"Chú thích mới trên trang (đối tượng {page}) không thuộc một chữ ký được phép.",
                $"A new annotation on the page (object {page}) belongs to no permitted signature.");
        }
    }

    /// <summary>A widget that was signed now, new or old, must leave the page to be seen.</summary>
    private static void Cover(Difference work, PdfRef name, PdfDictionary page)
    {
        if (work.After.Load(name) is not PdfDictionary widget || SignatureFieldReader.RectOf(work.After, work.After.Get(widget, "Rect")) is not { } rect)
            return;
        if (Box(work.After, page) is not { } box || rect.Width * rect.Height > LargestShare * box.Width * box.Height)
            work.Refuse(ChangeClass.Undefined, name, "Hình của chữ ký mới che quá nhiều phần của trang.", "The new signature covers too much of the page.");
    }

    private static PdfRectangle? Box(PdfView view, PdfDictionary? node)
    {
        for (var hops = 0; node is not null && hops < view.File.Limits.MaxTreeDepth; hops++)
        {
            if (SignatureFieldReader.RectOf(view, view.Get(node, "CropBox")) is { } crop)
                return crop;
            if (SignatureFieldReader.RectOf(view, view.Get(node, "MediaBox")) is { } box)
                return box;
            node = view.Get(node, "Parent") as PdfDictionary;
        }
        return null;
    }
}
