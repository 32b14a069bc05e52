namespace VanBanDienTu.Pdf;

/// <summary>
/// What a reader without a cross-reference takes from streams because of their type: objects from object streams (<c>ObjStm</c>), the catalogue from
/// cross-reference streams (<c>XRef</c>), whether the cross-reference lists the stream or not. It resolves what the stream's dictionary refers to, so the type
/// may stand in an object of its own: then every stream whose type is a reference counts as either.
/// </summary>
internal sealed class TypedStreams(PdfFile file, List<Stray> strays)
{
    private const int MostHeld = 100_000;

    private readonly List<Stray> held = [];
    private readonly List<HiddenTrailer> trailers = [];
    private HashSet<long>? sections; // where they begin
    private bool apart; // a type's name stands apart from the stream that it is the type of

    /// <summary>Looks at the streams by whose headers a type's name stands.</summary>
    /// <returns>Objects that the cross-reference does not look for where they are, and trailers that belong to no section.</returns>
    public (List<Stray> Held, List<HiddenTrailer> Trailers) Read(List<TypeNamed> named)
    {
        foreach (var place in named)
            Look(place, byReference: false);
        if (apart)
        {
            foreach (var place in Listed().Concat(strays.Select(s => new TypeNamed(s.Entry.Place, s.Revision, s.Holder))))
                Look(place, byReference: true);
        }
        return (held, trailers);
    }

    private bool IsSection(long offset)
    {
        sections ??= [.. file.Revisions.SelectMany(r => r.Sections).SelectMany(s => s.HiddenOffset is { } hidden ? (long[])[s.Offset, hidden] : [s.Offset])];
        return sections.Contains(offset);
    }

    private IEnumerable<TypeNamed> Listed() =>
        from revision in file.Revisions
        from entry in revision.Entries
        where entry.Value.Kind == XrefEntryKind.Offset
        select new TypeNamed(entry.Value.Place, revision.Index, entry.Value.Place);

    private void Look(TypeNamed place, bool byReference)
    {
        file.Budget.Step();
        if (IsSection(place.Offset) || file.Reader.ReadIndirect(place.Offset) is not { } item)
            return;
        apart |= item.Value is PdfName { Value: "ObjStm" or "XRef" };
        if (item.Value is not PdfStream stream || (stream.Dictionary["Type"] is PdfReference) != byReference)
            return;
        if (byReference || stream.Dictionary["Type"] is PdfName { Value: "ObjStm" })
            Unpack(place, stream, item.Ref);
        if ((byReference || stream.Dictionary["Type"] is PdfName { Value: "XRef" }) && stream.Dictionary.Has("Root"))
            trailers.Add(new HiddenTrailer(stream.Dictionary, place.Offset, place.Holder));
    }

    private void Unpack(TypeNamed place, PdfStream stream, PdfRef container)
    {
        var view = file.At(file.Revisions[place.Revision - 1]);
        ObjectStream? objects;
        try
        {
            var opened = Opened(view, stream, container);
            var data = view.Decode(opened);
            objects = ObjectStream.Read(opened.Dictionary, data, file.Limits);
            apart |= new Landmarks(data, 1, data.Length).HasType();
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.UnsupportedFilter)
        {
            return; // what cannot be decoded defines nothing
        }
        for (var i = 0; i < Math.Min(objects?.Numbers.Count ?? 0, MostHeld); i++)
        {
            var (number, entry) = (objects!.Numbers[i], new XrefEntry(XrefEntryKind.Compressed, container.Number, i));
            if (!view.Revision.TryGet(number, out var own) || own != entry)
                held.Add(new Stray(new PdfRef(number, 0), entry, place.Offset, place.Revision, ListedFrom(number, entry, place.Revision), place.Holder));
        }
    }

    /// <summary>An object stream as such a reader opens it: decrypted, its two numbers resolved.</summary>
    public PdfStream Opened(PdfView view, PdfStream stream, PdfRef name)
    {
        var opened = file.Store.Cipher?.Open(stream, name) as PdfStream ?? stream;
        var dictionary = opened.Dictionary;
        return dictionary["N"] is not PdfReference && dictionary["First"] is not PdfReference ? opened
            : new PdfStream(dictionary.With("N", Resolved(view, dictionary["N"])).With("First", Resolved(view, dictionary["First"])), opened.DataOffset) { Name = opened.Name };
    }

    private PdfObject Resolved(PdfView view, PdfObject value) =>
        value is PdfReference { Target: var name } && strays.FindLast(s => s.Name == name && s.Entry.Kind == XrefEntryKind.Offset) is { } stray
            ? file.Reader.ReadIndirect(stray.Entry.Place)?.Value ?? PdfNull.Instance
            : view.Resolve(value);

    private int ListedFrom(int number, XrefEntry entry, int revision)
    {
        for (var i = revision; i < file.Revisions.Count; i++)
        {
            if (file.Revisions[i].TryGet(number, out var later) && later == entry)
                return i + 1;
        }
        return int.MaxValue;
    }
}

/// <summary>A header by which the name of a type stands that a reader without a cross-reference acts on.</summary>
/// <param name="Offset">Where the header begins.</param>
/// <param name="Revision">The revision that its bytes belong to.</param>
/// <param name="Holder">The header of the last listed object, in whose data it may stand; its own when it is listed.</param>
internal sealed record TypeNamed(long Offset, int Revision, long Holder);
