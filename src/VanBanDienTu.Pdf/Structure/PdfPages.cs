namespace VanBanDienTu.Pdf;

/// <summary>One page: its object and its dictionary.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Ref">Its object; null only in a damaged file whose page is a direct object.</param>
/// <param name="Dictionary">The page's own dictionary; inherited attributes are not in it.</param>
/// <param name="Ancestors">Nearest first: the nodes that a page inherits from.</param>
public sealed record PdfPage(int Number, PdfRef? Ref, PdfDictionary Dictionary, IReadOnlyList<PdfDictionary> Ancestors)
{
    /// <summary>The attribute of the page or of its nearest ancestor that has it.</summary>
    public PdfObject Inherited(string key) =>
        Dictionary.Has(key) ? Dictionary[key] : Ancestors.FirstOrDefault(a => a.Has(key))?[key] ?? PdfNull.Instance;
}

/// <summary>The pages of a view, walked on demand; loops in the tree are cut.</summary>
public sealed class PdfPages
{
    private readonly PdfView view;

    internal PdfPages(PdfView view) => this.view = view;

    /// <summary>All pages in order. A page tree that loops or is too deep ends the walk.</summary>
    public IEnumerable<PdfPage> All => Walk(view.Catalog["Pages"], [], [], new Counter());

    /// <summary>The page of that number, from 1; null when there is none.</summary>
    public PdfPage? this[int number] => All.FirstOrDefault(p => p.Number == number);

    /// <summary>
    /// The page that is this object, found by climbing from it: one node for each level of the tree, so page 9,000 of a book costs no more than page 1.
    /// Null when the tree does not list it where its /Parent says.
    /// </summary>
    public PdfPage? Find(PdfRef page)
    {
        if (view.Load(page) is not PdfDictionary dictionary)
            return null;
        var (ancestors, number, below) = (new List<PdfDictionary>(), 1L, page);
        var node = dictionary;
        while (node["Parent"] is PdfReference { Target: var above })
        {
            if (ancestors.Count > view.File.Limits.MaxTreeDepth || view.Load(above) is not PdfDictionary parent || CountBefore(parent, below) is not { } before)
                return null;
            ancestors.Add(parent);
            (number, below, node) = (number + before, above, parent);
        }
        var isRoot = view.Catalog["Pages"] is PdfReference { Target: var root } && root == below;
        return isRoot && ancestors.Count > 0 ? new PdfPage((int)number, page, dictionary, ancestors) : null;
    }

    /// <summary>How many pages stand under <paramref name="parent"/> before this kid; null when the kid is not listed.</summary>
    private long? CountBefore(PdfDictionary parent, PdfRef kid)
    {
        if (view.Get(parent, "Kids") is not PdfArray kids)
            return null;
        var flat = view.Get(parent, "Count") is PdfInteger total && total.Value == kids.Count; // then each kid is one page
        var before = 0L;
        foreach (var item in kids.Items)
        {
            if (item is PdfReference { Target: var name } && name == kid)
                return before;
            before += flat ? 1 : view.Resolve(item) is PdfDictionary node && view.Get(node, "Count") is PdfInteger { Value: >= 0 and < int.MaxValue } count ? count.Value : 1;
        }
        return null;
    }

    private IEnumerable<PdfPage> Walk(PdfObject node, List<PdfDictionary> ancestors, HashSet<PdfRef> above, Counter counter)
    {
        var name = (node as PdfReference)?.Target;
        if (view.Resolve(node) is not PdfDictionary dictionary || (name is { } known && !above.Add(known)))
            yield break;
        if (++counter.Nodes > view.File.Limits.MaxTreeNodes || ancestors.Count > view.File.Limits.MaxTreeDepth)
            throw PdfException.Limit("nodes of the page tree", null);
        if (view.Get(dictionary, "Kids") is PdfArray kids && !IsPage(dictionary))
        {
            List<PdfDictionary> path = [dictionary, .. ancestors];
            foreach (var kid in kids.Items)
            {
                foreach (var page in Walk(kid, path, above, counter))
                    yield return page;
            }
        }
        else
            yield return new PdfPage(++counter.Pages, name, dictionary, ancestors);
        // The names above stay in the set: a node reached twice is a loop or a page shown twice, and no honest tree has either.
    }

    private static bool IsPage(PdfDictionary dictionary) => dictionary["Type"] is PdfName { Value: "Page" };

    private sealed class Counter
    {
        public int Nodes { get; set; }

        public int Pages { get; set; }
    }
}
