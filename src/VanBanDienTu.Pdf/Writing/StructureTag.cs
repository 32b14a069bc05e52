namespace VanBanDienTu.Pdf;

/// <summary>Gives a visible signature of a tagged document (PDF có thẻ cấu trúc) its structure element, so that screen readers meet it.</summary>
/// <remarks>Only the first signature gets one: a structure tree that changes after somebody signed is, to other verifiers, a change of content, and
/// to be seen by all as unchanged is worth more here than the tag of a second widget. Source: ISO 32000-2, 14.7.5.3 and 14.7.5.4.</remarks>
internal static class StructureTag
{
    private const int MaxDepth = 16;

    /// <summary>The widget with its /StructParent and a description; as it was when the document is not tagged, was signed before, or has a tree of an odd form.</summary>
    public static PdfDictionary Apply(PdfIncrementalWriter writer, PdfDictionary widget, PdfRef name, PdfRef page)
    {
        var view = writer.File.At(writer.File.Newest);
        var marked = view.Get(view.Catalog, "MarkInfo") is PdfDictionary info && view.Get(info, "Marked") is PdfBoolean { Value: true };
        if (!marked || writer.File.SignatureFields.Any(f => f.Signature is not null) || view.Catalog["StructTreeRoot"] is not PdfReference { Target: var root }
            || view.Load(root) is not PdfDictionary tree || tree["ParentTree"] is not PdfReference { Target: var parents } || LastLeaf(view, parents) is not { } path)
            return widget;
        var key = Math.Max(view.Get(tree, "ParentTreeNextKey") is PdfInteger next ? next.Value : 0, HighestKey(view, path[^1].Node) + 1);
        var parent = Top(view, root, tree);
        var element = writer.Add(new PdfDictionary(
            ("Type", new PdfName("StructElem")), ("S", new PdfName("Form")), ("P", new PdfReference(parent)), ("Pg", new PdfReference(page)),
            ("K", new PdfDictionary(("Type", new PdfName("OBJR")), ("Obj", new PdfReference(name)), ("Pg", new PdfReference(page))))));
        AddKey(writer, path, key, element);
        writer.Replace(root, tree.With("ParentTreeNextKey", new PdfInteger(key + 1)));
        AddKid(writer, parent, element);
        return widget.With("StructParent", new PdfInteger(key)).With("TU", PdfString.FromText("Chữ ký số"));
    }

    /// <summary>The one element at the top, as a rule the document's; else the root itself.</summary>
    private static PdfRef Top(PdfView view, PdfRef root, PdfDictionary tree)
    {
        var kids = view.Get(tree, "K");
        var only = kids is PdfArray { Count: 1 } list ? list[0] : tree["K"];
        return only is PdfReference { Target: var top } && view.Load(top) is PdfDictionary element && view.Get(element, "S") is PdfName ? top : root;
    }

    private static void AddKid(PdfIncrementalWriter writer, PdfRef parent, PdfRef element)
    {
        var holder = (PdfDictionary)writer.Load(parent);
        if (holder["K"] is PdfReference { Target: var list } && writer.Load(list) is PdfArray kids)
        {
            writer.Replace(list, new PdfArray([.. kids.Items, new PdfReference(element)]));
            return;
        }
        IEnumerable<PdfObject> before = holder["K"] switch { PdfNull => [], PdfArray direct => direct.Items, var one => [one] };
        writer.Replace(parent, holder.With("K", new PdfArray([.. before, new PdfReference(element)])));
    }

    /// <summary>From the root of the number tree down its last branch; null when the tree is not made as it should be.</summary>
    private static List<(PdfRef Name, PdfDictionary Node)>? LastLeaf(PdfView view, PdfRef root)
    {
        var path = new List<(PdfRef, PdfDictionary)>();
        for (var name = root; path.Count < MaxDepth && view.Load(name) is PdfDictionary node;)
        {
            path.Add((name, node));
            if (view.Get(node, "Nums") is PdfArray)
                return path;
            if (view.Get(node, "Kids") is not PdfArray { Count: > 0 } kids || kids[^1] is not PdfReference { Target: var last })
                return null;
            name = last;
        }
        return null;
    }

    private static long HighestKey(PdfView view, PdfDictionary leaf)
    {
        var numbers = (PdfArray)view.Get(leaf, "Nums");
        var highest = -1L;
        for (var i = 0; i < numbers.Count; i += 2)
            highest = Math.Max(highest, view.Resolve(numbers[i]) is PdfInteger { Value: < int.MaxValue } key ? key.Value : -1);
        return highest;
    }

    private static void AddKey(PdfIncrementalWriter writer, List<(PdfRef Name, PdfDictionary Node)> path, long key, PdfRef element)
    {
        var view = writer.File.At(writer.File.Newest);
        foreach (var ((name, node), i) in path.Select((p, i) => (p, i)))
        {
            var changed = node;
            if (i > 0)
            {
                var from = view.Get(node, "Limits") is PdfArray { Count: 2 } limits ? limits[0] : new PdfInteger(key);
                changed = changed.With("Limits", new PdfArray([from, new PdfInteger(key)]));
            }
            if (i == path.Count - 1)
                changed = changed.With("Nums", new PdfArray([.. ((PdfArray)view.Get(node, "Nums")).Items, new PdfInteger(key), new PdfReference(element)]));
            if (!ReferenceEquals(changed, node))
                writer.Replace(name, changed);
        }
    }
}
