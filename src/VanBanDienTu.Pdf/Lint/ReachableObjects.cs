namespace VanBanDienTu.Pdf.Lint;

/// <summary>All that the trailer leads to, each object once, and what is in the file beside it.</summary>
internal sealed class ReachableObjects(PdfView view)
{
    private const int MaxObjects = 400_000;

    private readonly HashSet<PdfRef> seen = [];

    /// <summary>Every dictionary, with the indirect object that it is (part of). Default resources of the form are left out: nothing shows them.</summary>
    public IEnumerable<(PdfRef? Name, PdfDictionary Dictionary)> Walk()
    {
        var waiting = new Stack<(PdfRef? Name, PdfObject Value)>();
        waiting.Push((null, view.Trailer.Without("Encrypt", "Prev")));
        while (waiting.TryPop(out var next))
        {
            var (name, value) = next;
            if (value is PdfReference { Target: var target })
            {
                if (!seen.Add(target))
                    continue;
                if (seen.Count > MaxObjects)
                    throw PdfException.Limit($"{MaxObjects} objects to look at");
                (name, value) = (target, view.Load(target));
            }
            if (value is PdfStream stream)
                value = stream.Dictionary;
            if (value is PdfArray list)
            {
                foreach (var item in list.Items.Where(IsPart))
                    waiting.Push((name, item));
            }
            else if (value is PdfDictionary dictionary)
            {
                yield return (name, dictionary);
                foreach (var (key, part) in dictionary)
                {
                    if (IsPart(part) && !(key == "DR" && dictionary.Has("Fields")))
                        waiting.Push((name, part));
                }
            }
        }
    }

    /// <summary>Pages, page trees and catalogues that the walk did not meet.</summary>
    public IEnumerable<PdfRef> UnreachablePages()
    {
        var numbers = seen.Select(r => r.Number).ToHashSet();
        var looked = 0;
        foreach (var number in view.File.Revisions.SelectMany(r => r.Sections).SelectMany(s => s.Hidden is null ? s.Entries.All : s.Entries.All.Concat(s.Hidden.All)).Select(e => e.Key))
        {
            if (!numbers.Add(number) || view.Find(number) is not { } entry || entry.Kind == XrefEntryKind.Free)
                continue;
            if (++looked > MaxObjects)
                throw PdfException.Limit($"{MaxObjects} objects to look at");
            var name = new PdfRef(number, entry.Kind == XrefEntryKind.Compressed ? 0 : entry.Generation);
            if (view.Load(name) is PdfDictionary page && (page["Type"] as PdfName)?.Value is "Page" or "Catalog")
                yield return name;
        }
    }

    private static bool IsPart(PdfObject value) => value is PdfReference or PdfArray or PdfDictionary or PdfStream;
}
