namespace VanBanDienTu.Pdf;

/// <summary>
/// Signature fields that a later revision put on a page but not into the form: Poppler writes them so when the form stands in the catalogue itself,
/// and shows them. What is shown as a signature must be judged as one.
/// </summary>
internal static class LooseSignatures
{
    /// <summary>Those that the revisions after the first brought, up to this view.</summary>
    public static IEnumerable<PdfField> Of(PdfView view, IReadOnlyCollection<PdfField> inForm)
    {
        if (view.Revision.Index == 1)
            yield break;
        var known = inForm.SelectMany(f => f.Widgets.Select(w => w.Ref).Append(f.Ref)).OfType<PdfRef>().ToHashSet();
        var values = inForm.Select(f => f.Value).OfType<PdfReference>().Select(v => v.Target).ToHashSet();
        foreach (var (number, entry) in view.File.Revisions.Skip(1).Take(view.Revision.Index - 1).SelectMany(r => r.Entries))
        {
            var name = new PdfRef(number, entry.Generation);
            if (entry.Kind != XrefEntryKind.Free && !known.Contains(name) && view.Load(name) is PdfDictionary widget && Is(view, widget)
                && !(widget["V"] is PdfReference { Target: var value } && values.Contains(value)) && IsShown(view, widget, name) && known.Add(name))
            {
                view.File.AddFinding(new("signature-outside-form", PdfSeverity.Warning, null, name, view.Revision.Index,
                    "Chữ ký nằm trên trang nhưng không thuộc biểu mẫu; có phần mềm không hiển thị chữ ký này.", "The signature is on a page but not in the form; some readers do not show it."));
                yield return new PdfField((view.Get(widget, "T") as PdfString)?.Text ?? "", name, widget, "Sig", widget["V"], [(name, widget)]);
            }
        }
    }

    /// <summary>A field and widget in one, with a signature as its value.</summary>
    public static bool Is(PdfView view, PdfDictionary widget) =>
        widget["Subtype"] is PdfName { Value: "Widget" } && widget["FT"] is PdfName { Value: "Sig" } && !widget.Has("Parent")
        && view.Get(widget, "V") is PdfDictionary value && value.Has("ByteRange") && value.Has("Contents");

    private static bool IsShown(PdfView view, PdfDictionary widget, PdfRef name) => widget["P"] is PdfReference { Target: var page } && view.Pages.Find(page) is { } found
        && view.Get(found.Dictionary, "Annots") is PdfArray annotations && annotations.Items.Any(i => i is PdfReference { Target: var item } && item == name);
}
