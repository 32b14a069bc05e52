namespace VanBanDienTu.Pdf;

/// <summary>Finds the pages that show given widgets. /P is only a hint: what counts is the page whose /Annots lists the widget.</summary>
internal static class WidgetPlaces
{
    public static IReadOnlyDictionary<PdfRef, PdfPage> Of(PdfView view, IReadOnlyList<PdfField> fields)
    {
        var places = new Dictionary<PdfRef, PdfPage>();
        var wanted = new HashSet<PdfRef>();
        foreach (var (widget, dictionary) in fields.SelectMany(f => f.Widgets))
        {
            if (widget is not { } name)
                continue;
            // Ask the page that the widget names first; a lie or a loss there costs a walk over all pages.
            if (dictionary["P"] is PdfReference { Target: var hint } && view.Pages.Find(hint) is { } page && Lists(view, page).Contains(name))
                places[name] = page;
            else
                wanted.Add(name);
        }
        foreach (var page in wanted.Count == 0 ? [] : view.Pages.All)
        {
            foreach (var name in Lists(view, page).Where(wanted.Contains))
                places.TryAdd(name, page);
            if (wanted.All(places.ContainsKey))
                break;
        }
        return places;
    }

    private static IEnumerable<PdfRef> Lists(PdfView view, PdfPage page) =>
        view.Get(page.Dictionary, "Annots") is PdfArray annotations ? annotations.Items.OfType<PdfReference>().Select(r => r.Target) : [];
}
