namespace VanBanDienTu.Pdf;

/// <summary>Finds the pages that show given widgets. /P is only a hint: what counts is the page whose /Annots lists the widget.</summary>
internal static class WidgetPlaces
{
    public static IReadOnlyDictionary<PdfRef, PdfPage> Of(PdfView view, IReadOnlyList<PdfField> fields)
    {
        var wanted = fields.SelectMany(f => f.Widgets).Where(w => w.Ref is not null).Select(w => w.Ref!.Value).ToHashSet();
        var places = new Dictionary<PdfRef, PdfPage>();
        foreach (var page in view.Pages.All)
        {
            if (view.Get(page.Dictionary, "Annots") is PdfArray annotations)
            {
                foreach (var name in annotations.Items.OfType<PdfReference>().Select(r => r.Target))
                {
                    if (wanted.Contains(name))
                        places.TryAdd(name, page);
                }
            }
            if (places.Count == wanted.Count)
                break;
        }
        return places;
    }
}
