namespace VanBanDienTu.Pdf;

/// <summary>
/// The structure tree of a tagged document: what was there stays; elements may be added that hold nothing but widgets which a permitted change put on a
/// page, with their entries of the parent tree.
/// </summary>
/// <remarks>Source: ISO 32000-2, 14.7. Programs that keep a document tagged write such elements with each signature field.</remarks>
internal static class StructureRule
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "Type", "S", "P", "K", "Pg", "A", "C", "R", "T", "Lang", "Alt", "NS", "ID" };

    public static void Compare(Difference work, PdfObject before, PdfObject after)
    {
        if (work.Before.Resolve(before) is not PdfDictionary a || work.After.Resolve(after) is not PdfDictionary b)
        {
            work.Strict.Add(before, after, (after as PdfReference)?.Target, "Catalog/StructTreeRoot");
            return;
        }
        var target = (after as PdfReference)?.Target;
        if (target is { } name && before is PdfReference { Target: var was } && name == was)
            work.Judge(name, JudgedAs.Structure);
        var (added, waiting) = (new HashSet<PdfRef>(), new Queue<PdfRef>());
        Kids(work, a["K"], b["K"], target, added, waiting);
        while (waiting.TryDequeue(out var element))
            Element(work, element, added, waiting);
        foreach (var key in a.Concat(b).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            if (key == "ParentTree")
                Parents(work, a[key], b[key], target, added);
            else if (key != "K" && !(key == "ParentTreeNextKey" && work.After.Get(b, key) is PdfInteger)) // only counts
                work.Strict.Add(a[key], b[key], target, $"StructTreeRoot/{key}");
        }
    }

    private static void Element(Difference work, PdfRef name, HashSet<PdfRef> added, Queue<PdfRef> waiting)
    {
        if (!work.Judge(name, JudgedAs.Structure))
            return;
        work.After.File.Budget.Step();
        if (work.Before.Load(name) is not PdfDictionary a || work.After.Load(name) is not PdfDictionary b)
        {
            work.Strict.Add(work.Before.Load(name), work.After.Load(name), name, "StructElem");
            return;
        }
        if (ReferenceEquals(a, b))
        {
            Unchanged(work, a, name, added, waiting);
            return;
        }
        foreach (var key in a.Concat(b).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            if (key == "K")
                Kids(work, a[key], b[key], name, added, waiting);
            else
                work.Strict.Add(a[key], b[key], name, $"StructElem/{key}");
        }
    }

    /// <summary>Nothing of its own changed, as in nearly all elements; what it refers to may have.</summary>
    private static void Unchanged(Difference work, PdfDictionary element, PdfRef name, HashSet<PdfRef> added, Queue<PdfRef> waiting)
    {
        foreach (var (key, value) in element)
        {
            if (key != "K")
            {
                if (StrictComparer.IsPart(value))
                    work.Strict.Add(value, value, name, $"StructElem/{key}");
                continue;
            }
            var kids = work.Before.Resolve(value);
            if (!ReferenceEquals(kids, work.After.Resolve(value)))
                Kids(work, value, value, name, added, waiting);
            else if (kids is PdfArray several)
            {
                for (var i = 0; i < several.Count; i++)
                    UnchangedKid(work, several[i], name, waiting);
            }
            else
                UnchangedKid(work, value, name, waiting);
        }
    }

    private static void UnchangedKid(Difference work, PdfObject kid, PdfRef owner, Queue<PdfRef> waiting)
    {
        if (kid is PdfReference { Target: var below })
            waiting.Enqueue(below);
        else if (StrictComparer.IsPart(kid))
            work.Strict.Add(kid, kid, owner, "StructElem/K");
    }

    private static void Kids(Difference work, PdfObject before, PdfObject after, PdfRef? owner, HashSet<PdfRef> added, Queue<PdfRef> waiting)
    {
        var (old, now) = (List(work.Before, before), List(work.After, after));
        var known = old.OfType<PdfReference>().Select(r => r.Target).ToHashSet();
        var kept = now.Where(k => k is not PdfReference { Target: var name } || known.Contains(name)).ToList();
        foreach (var name in now.OfType<PdfReference>().Select(r => r.Target).Where(n => !known.Contains(n)))
            Added(work, name, added, 0);
        if (kept.Count != old.Count)
        {
            work.Refuse(ChangeClass.Undefined, owner, "Cấu trúc logic của tài liệu bị thêm hoặc bớt nội dung.", "The structure tree lost or gained content.");
            return;
        }
        for (var i = 0; i < old.Count; i++)
        {
            if (old[i] is PdfReference { Target: var x } && kept[i] is PdfReference { Target: var y } && x == y)
                waiting.Enqueue(x);
            else
                work.Strict.Add(old[i], kept[i], owner, "StructElem/K");
        }
    }

    /// <summary>A kid alone, or a list of kids.</summary>
    private static IReadOnlyList<PdfObject> List(PdfView view, PdfObject value) => view.Resolve(value) switch
    {
        PdfArray array => array.Items,
        PdfNull => [],
        _ => [value],
    };

    private static void Added(Difference work, PdfRef name, HashSet<PdfRef> added, int depth)
    {
        if (depth > work.After.File.Limits.MaxTreeDepth)
            throw PdfException.Limit("depth of the structure tree");
        if (!added.Add(name))
            return;
        if (work.Before.Load(name) is not PdfNull || work.After.Load(name) is not PdfDictionary element || element.Any(e => !Known.Contains(e.Key)))
        {
            work.Refuse(ChangeClass.Undefined, name, "Phần tử cấu trúc mới không hợp lệ.", "A new structure element is not one of a permitted field.");
            return;
        }
        foreach (var kid in List(work.After, element["K"]))
        {
            if (work.After.Resolve(kid) is PdfDictionary { } item && item["Type"] is PdfName { Value: "OBJR" } && item["Obj"] is PdfReference { Target: var widget } && work.Redrawn.Contains(widget))
                continue;
            if (kid is PdfReference { Target: var below } && work.After.Resolve(kid) is PdfDictionary child && child.Has("S"))
                Added(work, below, added, depth + 1);
            else
                work.Refuse(ChangeClass.Undefined, name, "Phần tử cấu trúc mới chứa nội dung khác ngoài trường được phép.", "A new structure element holds something else than a permitted field.");
        }
    }

    private static void Parents(Difference work, PdfObject before, PdfObject after, PdfRef? owner, HashSet<PdfRef> added)
    {
        var (old, now) = (NumberTree.Read(work.Before, before), NumberTree.Read(work.After, after));
        foreach (var (key, value) in old)
            work.Strict.Add(value, now.GetValueOrDefault(key, PdfNull.Instance), owner, "StructTreeRoot/ParentTree");
        foreach (var (key, value) in now.Where(e => !old.ContainsKey(e.Key)))
        {
            if (!List(work.After, value is PdfReference { Target: var one } && added.Contains(one) ? new PdfArray([value]) : value).All(v => v is PdfNull || v is PdfReference { Target: var name } && added.Contains(name)))
                work.Refuse(ChangeClass.Undefined, owner, $"Cây cha của cấu trúc có mục lạ {key}.", $"The parent tree has the unexpected entry {key}.");
        }
    }
}
