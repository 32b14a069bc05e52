namespace VanBanDienTu.Pdf;

/// <summary>Reads a number tree (ISO 32000-2, 7.9.7) whole; loops are cut, size and depth are bounded.</summary>
internal static class NumberTree
{
    /// <summary>Values by key, unresolved; of a key given twice the first counts.</summary>
    public static Dictionary<long, PdfObject> Read(PdfView view, PdfObject root)
    {
        var found = new Dictionary<long, PdfObject>();
        Node(view, root, found, [], 0);
        return found;
    }

    private static void Node(PdfView view, PdfObject node, Dictionary<long, PdfObject> found, HashSet<PdfRef> seen, int depth)
    {
        if (node is PdfReference { Target: var name } && !seen.Add(name))
            return;
        if (depth > view.File.Limits.MaxTreeDepth || seen.Count + found.Count > view.File.Limits.MaxTreeNodes)
            throw PdfException.Limit("nodes of a number tree");
        if (view.Resolve(node) is not PdfDictionary dictionary)
            return;
        var pairs = (view.Get(dictionary, "Nums") as PdfArray)?.Items ?? [];
        for (var i = 0; i + 1 < pairs.Count; i += 2)
        {
            if (view.Resolve(pairs[i]) is PdfInteger key)
                found.TryAdd(key.Value, pairs[i + 1]);
        }
        foreach (var kid in (view.Get(dictionary, "Kids") as PdfArray)?.Items ?? [])
            Node(view, kid, found, seen, depth + 1);
    }
}
