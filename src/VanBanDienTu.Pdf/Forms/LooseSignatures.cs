namespace VanBanDienTu.Pdf;

/// <summary>
/// Signature fields that a later revision put on a page but not into the form: Poppler writes them so when the form stands in the catalogue itself,
/// and shows them. What is shown as a signature must be judged as one.
/// </summary>
internal static class LooseSignatures
{
    private const int FewFields = 16;

    /// <summary>Those that the revisions after the first brought, up to this view.</summary>
    public static IEnumerable<PdfField> Of(PdfView view, List<PdfField> inForm)
    {
        (HashSet<PdfRef> Fields, HashSet<PdfRef> Values)? known = null; // few revisions bring anything that looks like one
        for (var i = 1; i < view.Revision.Index; i++)
        {
            foreach (var (number, entry) in view.File.Revisions[i].Entries)
            {
                var name = new PdfRef(number, entry.Generation);
                if (entry.Kind == XrefEntryKind.Free || view.Load(name) is not PdfDictionary widget || !LooksLike(widget) || (inForm.Count <= FewFields && IsFieldOf(inForm, name)))
                    continue;
                var (fields, values) = known ??= Known(inForm);
                if (fields.Contains(name) || !HasSignature(view, widget) || (widget["V"] is PdfReference { Target: var value } && values.Contains(value))
                    || !IsShown(view, widget, name) || !fields.Add(name))
                    continue;
                view.File.AddFinding(new("signature-outside-form", PdfSeverity.Warning, null, name, view.Revision.Index,
                    "Chữ ký nằm trên trang nhưng không thuộc biểu mẫu; có phần mềm không hiển thị chữ ký này.", "The signature is on a page but not in the form; some readers do not show it."));
                yield return new PdfField((view.Get(widget, "T") as PdfString)?.Text ?? "", name, widget, "Sig", widget["V"], [(name, widget)]);
            }
        }
    }

    // What nearly every signature is, and then no sets have to be made.
    private static bool IsFieldOf(List<PdfField> inForm, PdfRef name)
    {
        foreach (var field in inForm)
        {
            if (field.Ref == name)
                return true;
        }
        return false;
    }

    /// <summary>A field and widget in one, with a signature as its value.</summary>
    public static bool Is(PdfView view, PdfDictionary widget) => LooksLike(widget) && HasSignature(view, widget);

    private static bool LooksLike(PdfDictionary widget) =>
        widget["Subtype"] is PdfName { Value: "Widget" } && widget["FT"] is PdfName { Value: "Sig" } && !widget.Has("Parent");

    private static bool HasSignature(PdfView view, PdfDictionary widget) =>
        view.Get(widget, "V") is PdfDictionary value && value.Has("ByteRange") && value.Has("Contents");

    private static (HashSet<PdfRef> Fields, HashSet<PdfRef> Values) Known(List<PdfField> inForm) => (
        inForm.SelectMany(f => f.Widgets.Select(w => w.Ref).Append(f.Ref)).OfType<PdfRef>().ToHashSet(),
        inForm.Select(f => f.Value).OfType<PdfReference>().Select(v => v.Target).ToHashSet());

    private static bool IsShown(PdfView view, PdfDictionary widget, PdfRef name) => widget["P"] is PdfReference { Target: var page } && view.Pages.Find(page) is { } found && WidgetPlaces.Lists(view, found, name);
}
