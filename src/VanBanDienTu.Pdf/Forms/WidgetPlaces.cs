namespace VanBanDienTu.Pdf;

/// <summary>Finds the pages that show given widgets. /P is only a hint: what counts is the page whose /Annots lists the widget.</summary>
internal static class WidgetPlaces
{
    public static IReadOnlyDictionary<PdfRef, PdfPage> Of(PdfView view, IReadOnlyList<PdfField> fields)
    {
        var places = new Dictionary<PdfRef, PdfPage>();
        HashSet<PdfRef>? wanted = null;
        foreach (var field in fields)
        {
            foreach (var (widget, dictionary) in field.Widgets)
            {
                if (widget is not { } name)
                    continue;
                // Ask the page that the widget names first; a lie or a loss there costs a walk over all pages.
                if (dictionary["P"] is PdfReference { Target: var hint } && view.Pages.Find(hint) is { } page && Lists(view, page, name))
                    places[name] = page;
                else
                    (wanted ??= []).Add(name);
            }
        }
        if (wanted is not null)
            Search(view, wanted, places);
        return places;
    }

    /// <summary>Whether the page's /Annots names that object.</summary>
    public static bool Lists(PdfView view, PdfPage page, PdfRef widget)
    {
        if (view.Get(page.Dictionary, "Annots") is not PdfArray annotations)
            return false;
        for (var i = 0; i < annotations.Count; i++)
        {
            if (annotations[i] is PdfReference { Target: var name } && name == widget)
                return true;
        }
        return false;
    }

    private static void Search(PdfView view, HashSet<PdfRef> wanted, Dictionary<PdfRef, PdfPage> places)
    {
        foreach (var page in view.Pages.All)
        {
            foreach (var item in view.Get(page.Dictionary, "Annots") is PdfArray annotations ? annotations.Items : [])
            {
                if (item is PdfReference { Target: var name } && wanted.Contains(name))
                    places.TryAdd(name, page);
            }
            if (wanted.All(places.ContainsKey))
                break;
        }
    }
}
