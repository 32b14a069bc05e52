namespace VanBanDienTu.Pdf;

/// <summary>The annotations of a page: the earlier ones stay, in their order; what is added must be a widget that the form's rule allowed.</summary>
internal static class AnnotationsRule
{
    public static void Compare(Difference work, PdfObject before, PdfObject after, PdfRef page)
    {
        if (after is PdfReference { Target: var list } && before is PdfReference { Target: var was } && list == was)
            work.Judge(list);
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
        }
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
        if (!work.NewWidgets.Contains(name))
        {
            work.Refuse(ChangeClass.Annotation, name, $"Chú thích mới trên trang (đối tượng {page}) không thuộc một chữ ký được phép.",
                $"A new annotation on the page (object {page}) belongs to no permitted signature.");
        }
    }
}
