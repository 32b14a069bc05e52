namespace VanBanDienTu.Pdf;

/// <summary>The interactive form: fields stay, values may be filled in, signature fields may be added, resources for them too.</summary>
internal static class FormRule
{
    public static void Compare(Difference work, PdfObject before, PdfObject after)
    {
        var target = (after as PdfReference)?.Target ?? (work.After.Trailer["Root"] as PdfReference)?.Target;
        if (work.After.Resolve(after) is not PdfDictionary b)
        {
            if (work.Before.Resolve(before) is PdfDictionary)
                work.Refuse(ChangeClass.Undefined, target, "Biểu mẫu bị gỡ bỏ.", "The form was removed.");
            return;
        }
        var a = work.Before.Resolve(before) as PdfDictionary ?? PdfDictionary.Empty;
        foreach (var key in a.Concat(b).Select(e => e.Key).Distinct(StringComparer.Ordinal))
            Entry(work, key, a, b, target);
        if (work.Before.Get(a, "NeedAppearances") is PdfBoolean { Value: true } && work.After.Get(b, "NeedAppearances") is not PdfBoolean { Value: true })
            DrawnFieldRule.Check(work);
    }

    private static void Entry(Difference work, string key, PdfDictionary a, PdfDictionary b, PdfRef? form)
    {
        switch (key)
        {
            case "Fields":
                FieldListRule.Compare(work, a[key], b[key], FieldContext.Root, form);
                break;
            case "SigFlags" when work.After.Get(b, key) is PdfInteger:
                break;
            case "NeedAppearances" when work.After.Get(b, key) is not PdfBoolean { Value: true }:
                break; // asking readers to draw fields anew changes what is seen; for asking no more see DrawnFieldRule
            case "DA" when !a.Has(key) && work.After.Get(b, key) is PdfString:
                break; // a default for fields that say nothing themselves; those that were there have their appearances
            case "DR":
                Resources(work, a[key], b[key], form);
                break;
            default:
                work.Strict.Add(a[key], b[key], form, $"AcroForm/{key}");
                break;
        }
    }

    /// <summary>Default resources may gain names; what an existing name means stays. A dictionary that a page shares is still compared there, whole:
    /// a name that page content uses and that meant nothing when it was signed must not come to mean something.</summary>
    private static void Resources(Difference work, PdfObject before, PdfObject after, PdfRef? form)
    {
        var (a, b) = (work.Before.Resolve(before) as PdfDictionary ?? PdfDictionary.Empty, work.After.Resolve(after) as PdfDictionary ?? PdfDictionary.Empty);
        foreach (var (category, value) in a)
        {
            if (category is "XObject" or "ProcSet")
                continue; // fields are drawn anew with fonts and colours; PDFBox puts the picture of each signature here under the same name
            if (work.Before.Resolve(value) is not PdfDictionary old || work.After.Get(b, category) is not PdfDictionary now)
            {
                work.Strict.Add(value, b[category], form, $"AcroForm/DR/{category}");
                continue;
            }
            foreach (var (key, resource) in old)
                work.Strict.Add(resource, now[key], form, $"AcroForm/DR/{category}/{key}");
        }
    }
}
