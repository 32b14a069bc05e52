namespace VanBanDienTu.Pdf;

/// <summary>Pages must be the same, in the same tree; only the list of annotations of a page may grow, by widgets that the form's rule allowed.</summary>
internal static class PageTreeRule
{
    private static readonly string[] Inheritable = ["Resources", "MediaBox", "CropBox", "Rotate"];

    private static readonly PdfInteger NotTurned = new(0);

    public static void Compare(Difference work, PdfObject before, PdfObject after) => Node(work, before, after, 0);

    private static void Node(Difference work, PdfObject before, PdfObject after, int depth)
    {
        var (from, to) = ((before as PdfReference)?.Target, (after as PdfReference)?.Target);
        if (from != to || to is not { } name)
        {
            work.Refuse(ChangeClass.Undefined, to ?? from, "Cây trang bị thay đổi: trang khác được đưa vào.", "The page tree changed: another page stands in it.");
            return;
        }
        if (!work.Judge(name, JudgedAs.Page))
            return; // a loop, or a page listed twice: compared already
        if (depth > work.After.File.Limits.MaxTreeDepth)
            throw PdfException.Limit("depth of the page tree");
        work.After.File.Budget.Step();
        if (work.Before.Load(name) is not PdfDictionary a || work.After.Load(name) is not PdfDictionary b)
        {
            work.Refuse(ChangeClass.Undefined, name, "Một nút của cây trang không đọc được.", "A node of the page tree cannot be read.");
            return;
        }
        var isPage = work.Before.Get(a, "Kids") is not PdfArray;
        foreach (var key in a.Concat(b).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            if (key == "Kids" && !isPage)
                Kids(work, a[key], b[key], name, depth);
            else if (key == "Annots" && isPage)
                AnnotationsRule.Compare(work, a[key], b[key], name, b);
            else if (isPage && Inheritable.Contains(key, StringComparer.Ordinal))
                work.Strict.Add(Inherited(work.Before, a, key), Inherited(work.After, b, key), name, $"Page/{key}"); // iText copies what a page inherits onto the page
            else if (key == "Tabs" && isPage && !a.Has(key) && work.After.Get(b, key) is PdfName { Value: "S" })
                continue; // the order of the tabulator key follows the structure: iText says so when it touches a tagged page
            else if (key == "Tabs" && isPage && work.After.Get(b, key) is PdfName { Value: var now } && (work.Before.Get(a, key) as PdfName)?.Value != now)
                work.Comment(name, "Thứ tự phím Tab qua các chú thích của trang được đổi.", "The tab order of the page's annotations changed.");
            else if (key == "LastModified" && isPage && work.After.Get(b, key) is PdfString)
                continue;
            else
                work.Strict.Add(a[key], b[key], name, isPage ? $"Page/{key}" : $"Pages/{key}");
        }
    }

    private static void Kids(Difference work, PdfObject before, PdfObject after, PdfRef node, int depth)
    {
        if (work.Before.Resolve(before) is not PdfArray a || work.After.Resolve(after) is not PdfArray b || a.Count != b.Count)
        {
            work.Refuse(ChangeClass.Undefined, node, "Có trang được thêm vào hoặc bị gỡ bỏ.", "Pages were added or removed.");
            return;
        }
        for (var i = 0; i < a.Count; i++)
            Node(work, a[i], b[i], depth + 1);
    }

    private static PdfObject Inherited(PdfView view, PdfDictionary page, string key)
    {
        PdfDictionary? node = page;
        for (var hops = 0; node is not null && hops < view.File.Limits.MaxTreeDepth; hops++)
        {
            if (node.Has(key))
                return node[key];
            node = view.Get(node, "Parent") as PdfDictionary;
        }
        return key switch { "CropBox" => Inherited(view, page, "MediaBox"), "Rotate" => NotTurned, _ => PdfNull.Instance };
    }
}
