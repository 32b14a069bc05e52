namespace VanBanDienTu.Pdf;

/// <summary>A node of the form's field tree, with what it inherits.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Ref">Its object; null when direct.</param>
/// <param name="Dictionary">Its own dictionary.</param>
/// <param name="Type">/FT, inherited; null when no ancestor has one.</param>
/// <param name="Value">/V, inherited, unresolved.</param>
/// <param name="Widgets">The widget annotations of a terminal field: the field itself or its kids.</param>
internal sealed record PdfField(string Name, PdfRef? Ref, PdfDictionary Dictionary, string? Type, PdfObject Value, IReadOnlyList<(PdfRef? Ref, PdfDictionary Dictionary)> Widgets);

/// <summary>Walks the field tree of a view's form; loops are cut, counts and depth are bounded.</summary>
internal static class FieldTree
{
    /// <summary>The terminal fields, in the order of the form.</summary>
    public static List<PdfField> Read(PdfView view)
    {
        var fields = new List<PdfField>();
        if (view.Get(view.Catalog, "AcroForm") is PdfDictionary form && view.Get(form, "Fields") is PdfArray roots)
        {
            var seen = new HashSet<PdfRef>();
            foreach (var root in roots.Items)
                Walk(view, root, new Inherited("", null, PdfNull.Instance, 0), seen, fields);
        }
        return fields;
    }

    private static void Walk(PdfView view, PdfObject node, Inherited above, HashSet<PdfRef> seen, List<PdfField> fields)
    {
        var name = (node as PdfReference)?.Target;
        if (view.Resolve(node) is not PdfDictionary dictionary)
            return;
        if (name is { } known && !seen.Add(known))
        {
            view.File.AddFinding(new("field-loop", PdfSeverity.Warning, null, known, view.Revision.Index,
                "Cây trường biểu mẫu đi qua một đối tượng hai lần.", "The field tree reaches an object twice."));
            return;
        }
        if (above.Depth > view.File.Limits.MaxTreeDepth || fields.Count + seen.Count > view.File.Limits.MaxTreeNodes)
            throw PdfException.Limit("nodes of the field tree");

        var here = above.With(view, dictionary);
        if (view.Get(dictionary, "Kids") is not PdfArray { Items: var kids })
        {
            fields.Add(new PdfField(here.Name, name, dictionary, here.Type, here.Value, [(name, dictionary)])); // field and widget in one dictionary
            return;
        }
        var (children, widgets) = (new List<PdfObject>(), new List<(PdfRef?, PdfDictionary)>());
        foreach (var kid in kids)
        {
            if (view.Resolve(kid) is PdfDictionary child && !child.Has("T") && !child.Has("Kids"))
                widgets.Add(((kid as PdfReference)?.Target, child));
            else
                children.Add(kid);
        }
        foreach (var child in children)
            Walk(view, child, here, seen, fields);
        if (children.Count > 0)
            return;
        if (widgets.Count == 0)
            widgets.Add((name, dictionary));
        fields.Add(new PdfField(here.Name, name, dictionary, here.Type, here.Value, widgets));
    }

    private sealed record Inherited(string Name, string? Type, PdfObject Value, int Depth)
    {
        public Inherited With(PdfView view, PdfDictionary dictionary)
        {
            var partial = (view.Get(dictionary, "T") as PdfString)?.Text;
            var name = partial is null ? Name : Name.Length == 0 ? partial : $"{Name}.{partial}";
            return new Inherited(name, (view.Get(dictionary, "FT") as PdfName)?.Value ?? Type, dictionary.Has("V") ? dictionary["V"] : Value, Depth + 1);
        }
    }
}
