namespace VanBanDienTu.Pdf;

/// <summary>
/// A field or widget that was there before: its value may be filled in, and only together with the value may its appearance change.
/// An appearance that changes while the value stays is how text is laid over a signed page.
/// </summary>
internal static class FieldRule
{
    private const int ReadOnly = 1;

    public static void Compare(Difference work, PdfRef name, FieldContext above)
    {
        if (!work.Judge(name, JudgedAs.Field))
            return;
        work.After.File.Budget.Step();
        if (work.Before.Load(name) is not PdfDictionary a || work.After.Load(name) is not PdfDictionary b)
        {
            if (work.Before.Load(name) is not PdfNull || work.After.Load(name) is not PdfNull)
                work.Refuse(ChangeClass.Undefined, name, "Trường biểu mẫu bị gỡ bỏ hoặc thay bằng thứ khác.", "A field was removed or replaced by something else.");
            return;
        }
        var context = OfItsOwn(work, name, a, b, above.Down(work.Before, a));
        context = Value(work, name, a, b, context);
        if (context.ValueChanged || context.Signing)
        {
            work.Redrawn.Add(name);
            Release(work, a["AP"], b["AP"]);
        }
        foreach (var key in a.Concat(b).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            if (!Entry(work, key, a, b, context))
                work.Strict.Add(a[key], b[key], name, $"Field({context.Name})/{key}");
        }
        if (!a.Has("Kids") && b.Has("Kids") && (a.Has("Subtype") || a.Has("V")))
            work.Strict.Add(a["Kids"], b["Kids"], name, $"Field({context.Name})/Kids"); // what has a value or a place on a page is no group of fields
        else
            FieldListRule.Compare(work, a["Kids"], b["Kids"], context, name);
    }

    /// <summary>
    /// A widget shows the value of the field that it belongs to. A field below another has its own look: it may change with the value above only when that is its value.
    /// </summary>
    private static FieldContext OfItsOwn(Difference work, PdfRef name, PdfDictionary a, PdfDictionary b, FieldContext context)
    {
        context = context with { Signing = context.Signing && context.Type == "Sig" };
        if (!a.Has("T"))
            return context;
        if (a.Has("V") || b.Has("V"))
            return context with { ValueChanged = false, Signing = false };
        if (context.ValueChanged)
            work.Allow(ChangeClass.FormFill, name, $"Trường «{context.Name}» được điền hoặc sửa giá trị.", $"The field '{context.Name}' was filled in.", context.Name);
        return context;
    }

    /// <summary>Whether this entry is allowed as it is.</summary>
    private static bool Entry(Difference work, string key, PdfDictionary a, PdfDictionary b, FieldContext context)
    {
        var filled = context.ValueChanged || context.Signing;
        return key switch
        {
            "V" or "Kids" => true, // judged apart
            "AP" or "AS" => filled,
            "F" => context.Signing && work.After.Get(b, key) is PdfInteger,
            "BS" or "Border" or "DA" => context.Signing,
            "MK" => filled,
            "RV" or "I" => context.ValueChanged,
            "TI" => work.After.Get(b, key) is PdfInteger, // which choice a list shows first
            "Rect" => context.Signing && SignatureFieldReader.RectOf(work.After, b[key]) is { Width: 0, Height: 0 }, // PDFBox hides a field that it signs without a look
            "Type" => work.After.Get(b, key) is PdfName { Value: "Annot" }, // optional, and the only value it can have
            "M" => work.After.Get(b, key) is PdfString,
            "Ff" => OnlyReadOnlyAdded(work, a, b),
            _ => false,
        };
    }

    private static void Release(Difference work, PdfObject before, PdfObject after)
    {
        if (before is PdfReference { Target: var whole } && !(after is PdfReference { Target: var same } && same == whole))
            work.Released.Add(whole);
        if (work.Before.Resolve(before) is PdfDictionary looks)
        {
            var now = work.After.Resolve(after) as PdfDictionary ?? PdfDictionary.Empty;
            foreach (var (state, value) in looks)
            {
                if (value is PdfReference { Target: var look } && !(now[state] is PdfReference { Target: var kept } && kept == look))
                    work.Released.Add(look);
            }
        }
    }

    /// <summary>Programs lock a field when it is signed by making it read-only.</summary>
    private static bool OnlyReadOnlyAdded(Difference work, PdfDictionary a, PdfDictionary b)
    {
        var before = work.Before.Get(a, "Ff") is PdfInteger x ? x.Value : 0;
        return work.After.Get(b, "Ff") is PdfInteger now && (now.Value == before || now.Value == (before | ReadOnly));
    }

    private static FieldContext Value(Difference work, PdfRef name, PdfDictionary a, PdfDictionary b, FieldContext context)
    {
        if (context.Type != "Sig")
        {
            if (context.HasNoValue || SmallValues.Same(work.Before, a["V"], work.After, b["V"]))
            {
                work.Strict.Add(a["V"], b["V"], name, $"Field({context.Name})/V");
                return context;
            }
            work.Allow(ChangeClass.FormFill, name, $"Trường «{context.Name}» được điền hoặc sửa giá trị.", $"The field '{context.Name}' was filled in.", context.Name);
            return context with { ValueChanged = true };
        }
        if (work.Before.Get(a, "V") is not PdfNull)
        {
            // An earlier signature: nothing about it may change, and its value is compared like anything else.
            work.Strict.Add(a["V"], b["V"], name, $"Field({context.Name})/V");
            return context;
        }
        if (work.After.Get(b, "V") is PdfNull)
            return context;
        if (!SignatureValueRule.Judge(work, b["V"], name, context.Name))
            return context;
        foreach (var widget in (work.After.Get(b, "Kids") as PdfArray)?.Items.OfType<PdfReference>().Select(r => r.Target) ?? [])
            work.NewWidgets.Add(widget);
        work.NewWidgets.Add(name);
        return context with { Signing = true };
    }
}
