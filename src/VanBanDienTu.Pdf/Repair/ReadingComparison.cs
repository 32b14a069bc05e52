namespace VanBanDienTu.Pdf;

/// <summary>
/// Says where the reading by the cross-reference and the reading by the order of the file part. A stray object matters when it stands after the one that
/// is listed (the last one wins), says something else, and the catalogue or a page leads to it.
/// </summary>
internal sealed class ReadingComparison(PdfFile file, TypedStreams streams, CancellationToken cancellation)
{
    private const int MostTold = 10;

    // What no page shows and no reader acts on.
    private static readonly HashSet<string> Unread = new(StringComparer.Ordinal) { "Metadata", "PieceInfo", "StructTreeRoot", "StructParents", "LastModified" };

    /// <summary>Objects that a later revision's cross-reference takes back to what they were before: what stands last in the file is not what counts.</summary>
    public IEnumerable<Stray> RolledBack()
    {
        for (var i = 1; i < file.Revisions.Count; i++)
        {
            var (before, revision) = (file.At(file.Revisions[i - 1]), file.Revisions[i]);
            foreach (var (number, entry) in revision.Sections.SelectMany(s => s.Entries.All))
            {
                file.Budget.Step();
                if (entry.Kind == XrefEntryKind.Offset && entry.Place < before.Revision.EofEnd && before.Find(number) is { Kind: not XrefEntryKind.Free } was && was != entry && PlaceOf(before, was) is var place && place > entry.Place)
                    yield return new Stray(new PdfRef(number, was.Generation), was, place, i + 1, int.MaxValue, place);
            }
        }
    }

    /// <summary>The differences in the document as one revision saw it.</summary>
    public IEnumerable<ReadingDifference> Of(int signed, List<Stray> strays, List<HiddenTrailer> trailers, bool tooMany)
    {
        var view = file.At(file.Revisions[signed - 1]);
        try
        {
            var found = new List<ReadingDifference>();
            if (OtherRoot(view, trailers) is { } trailer)
                found.Add(trailer);
            var others = new Dictionary<int, Stray>();
            foreach (var stray in strays.Where(s => s.Revision <= signed && s.ListedFrom > signed))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Wins(view, stray))
                    others[stray.Name.Number] = stray;
            }
            found.AddRange(Reached(view, others).Select(s => new ReadingDifference(signed, s.Name, s.Offset, s.Revision,
                $"Đối tượng {s.Name} đứng hai lần trong phần đã ký với nội dung khác nhau: phần mềm dựng lại bảng tham chiếu sẽ hiển thị tài liệu khác.",
                $"Object {s.Name} stands in the signed bytes once more and says something else: a reader that rebuilds the cross-reference shows another document.")));
            return tooMany && found.Count == 0 ? [Unknown(signed, null)] : found.Take(MostTold);
        }
        catch (PdfException e)
        {
            return [Unknown(signed, e.Offset)];
        }
    }

    private static ReadingDifference Unknown(int signed, long? offset) => new(signed, null, offset, signed,
        "Không so sánh hết được hai cách đọc tài liệu (theo bảng tham chiếu và theo thứ tự trong tệp) trong giới hạn cho phép.",
        "The two readings of the document (by its cross-reference and by the order of the file) could not be compared within the limits.");

    /// <summary>A trailer that belongs to no section and begins the document elsewhere; some readers take the first one, others the last.</summary>
    private ReadingDifference? OtherRoot(PdfView view, List<HiddenTrailer> trailers)
    {
        var root = (view.Trailer["Root"] as PdfReference)?.Target;
        foreach (var (other, offset, holder) in trailers)
        {
            if ((view.Revision == file.Newest || offset < view.Revision.EofEnd) && other.Has("Root")
                && (other["Root"] as PdfReference)?.Target is var named && (named is null || named != root) && !IsAttached(holder, offset))
            {
                return new ReadingDifference(view.Revision.Index, named, offset, file.Revisions.FirstOrDefault(r => offset < r.EofEnd)?.Index ?? view.Revision.Index,
                    "Trong phần đã ký có một trailer ẩn chỉ tới danh mục gốc khác.", "The signed bytes hold a hidden trailer that names another catalogue.");
            }
        }
        return null;
    }

    /// <summary>Whether a reader that goes by the order of the file takes this one, and then reads something else.</summary>
    private bool Wins(PdfView view, Stray stray)
    {
        file.Budget.Step();
        var listed = view.Find(stray.Name.Number);
        if (listed is { Kind: not XrefEntryKind.Free } entry && PlaceOf(view, entry) > stray.Offset || IsAttached(stray.Holder, stray.Offset))
            return false;
        var other = Read(view, stray);
        return other is not null && (listed is not { Kind: not XrefEntryKind.Free } known || !Same(view, view.Load(new PdfRef(stray.Name.Number, known.Generation)), other));
    }

    private static long PlaceOf(PdfView view, XrefEntry entry) => entry.Kind == XrefEntryKind.Offset ? entry.Place : view.Find((int)entry.Place) is { Kind: XrefEntryKind.Offset } holder ? holder.Place : -1;

    private PdfObject? Read(PdfView view, Stray stray) => stray.Entry.Kind == XrefEntryKind.Offset
        ? file.Reader.ReadIndirect(stray.Entry.Place) is { } item && item.Ref == stray.Name ? file.Store.Cipher?.Open(item.Value, item.Ref) ?? item.Value : null
        : file.Reader.ReadIndirect(stray.Offset) is { Value: PdfStream stream } held
            ? file.Store.In(streams.Opened(view, stream, held.Ref), stray.Entry.Detail, stray.Name.Number, view.Decode) : null;

    /// <summary>A document attached without compression brings its own objects along; nobody takes them for those of this one.</summary>
    private bool IsAttached(long holder, long offset) =>
        file.Reader.ReadIndirect(holder) is { Value: PdfStream { Dictionary: var dictionary } stream } && dictionary["Type"] is PdfName { Value: "EmbeddedFile" }
        && file.At(file.Newest).DataSpan(stream) is var data && offset >= data.Start && offset < data.End;

    /// <summary>Equal as written: references to the same names, streams of the same data.</summary>
    private static bool Same(PdfView view, PdfObject a, PdfObject b)
    {
        switch (a, b)
        {
            case (PdfReference x, PdfReference y):
                return x.Target == y.Target;
            case (PdfDictionary x, PdfDictionary y):
                return x.Count == y.Count && x.All(e => y.Has(e.Key) && Same(view, e.Value, y[e.Key]));
            case (PdfArray x, PdfArray y):
                return x.Count == y.Count && x.Items.Zip(y.Items).All(p => Same(view, p.First, p.Second));
            case (PdfStream x, PdfStream y):
                return Same(view, x.Dictionary, y.Dictionary) && StreamData.Same(view, x, view, y);
            default:
                return StrictComparer.SameSimple(a, b);
        }
    }

    /// <summary>Those that the catalogue leads to, walked as the cross-reference says: up to the first that differs both readings are one.</summary>
    private List<Stray> Reached(PdfView view, Dictionary<int, Stray> others)
    {
        var found = new List<Stray>();
        var (waiting, seen) = (new Stack<PdfObject>(), new HashSet<int>());
        waiting.Push(view.Trailer["Root"]);
        while (others.Count > found.Count && waiting.TryPop(out var value))
        {
            if (value is PdfReference { Target: var name })
            {
                if (!seen.Add(name.Number))
                    continue;
                cancellation.ThrowIfCancellationRequested();
                if (others.TryGetValue(name.Number, out var stray) && stray.Name == name)
                    found.Add(stray);
                value = view.Load(name);
            }
            foreach (var part in Parts(value))
                waiting.Push(part);
        }
        return found;
    }

    private static IEnumerable<PdfObject> Parts(PdfObject value) => value switch
    {
        PdfArray array => array.Items.Where(StrictComparer.IsPart),
        PdfStream stream => Parts(stream.Dictionary),
        PdfDictionary dictionary => dictionary.Where(e => !Unread.Contains(e.Key) && StrictComparer.IsPart(e.Value)).Select(e => e.Value),
        _ => [],
    };
}
