namespace VanBanDienTu.Pdf;

/// <summary>What a field inherits while the tree is walked.</summary>
/// <param name="Name">Full name of the parent; empty at the root.</param>
/// <param name="Type">/FT.</param>
/// <param name="Flags">/Ff.</param>
/// <param name="ValueChanged">The parent's value was changed, so its widgets may look different.</param>
/// <param name="Signing">The field is a signature field that this revision signs.</param>
/// <param name="Depth">In the tree.</param>
internal sealed record FieldContext(string Name, string? Type, long Flags, bool ValueChanged, bool Signing, int Depth)
{
    private const long PushButton = 1 << 16;

    public static FieldContext Root { get; } = new("", null, 0, ValueChanged: false, Signing: false, 0);

    /// <summary>A button to push has no value: giving it one is only a way to change its look.</summary>
    public bool HasNoValue => Type == "Btn" && (Flags & PushButton) != 0;

    public FieldContext Down(PdfView view, PdfDictionary field)
    {
        var partial = (view.Get(field, "T") as PdfString)?.Text;
        return this with
        {
            Name = partial is null ? Name : Name.Length == 0 ? partial : $"{Name}.{partial}",
            Type = (view.Get(field, "FT") as PdfName)?.Value ?? Type,
            Flags = view.Get(field, "Ff") is PdfInteger flags ? flags.Value : Flags,
            Depth = Depth + 1,
        };
    }
}

/// <summary>A list of fields (the form's /Fields or a field's /Kids): the earlier ones stay in their order, only signature fields are added.</summary>
internal static class FieldListRule
{
    public static void Compare(Difference work, PdfObject before, PdfObject after, FieldContext context, PdfRef? owner)
    {
        if (context.Depth > work.After.File.Limits.MaxTreeDepth)
            throw PdfException.Limit("depth of the field tree");
        var old = (work.Before.Resolve(before) as PdfArray)?.Items ?? [];
        var now = (work.After.Resolve(after) as PdfArray)?.Items ?? [];
        var known = old.OfType<PdfReference>().Select(r => r.Target).ToHashSet();
        var kept = new List<PdfObject>();
        foreach (var item in now)
        {
            if (item is PdfReference { Target: var name } && !known.Contains(name))
                NewFieldRule.Judge(work, name, context);
            else
                kept.Add(item);
        }
        if (kept.Count != old.Count)
        {
            work.Refuse(ChangeClass.Undefined, owner, "Có trường biểu mẫu bị gỡ bỏ hoặc thêm vào không đúng cách.", "Fields of the form were removed, or added as direct objects.");
            return;
        }
        for (var i = 0; i < old.Count; i++)
        {
            if (old[i] is PdfReference { Target: var x } && kept[i] is PdfReference { Target: var y } && x == y)
                FieldRule.Compare(work, x, context);
            else
                work.Strict.Add(old[i], kept[i], owner, "AcroForm/Fields");
        }
    }
}
