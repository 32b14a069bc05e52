namespace VanBanDienTu.Pdf;

/// <summary>The document as one revision saw it. Not safe for concurrent use, as <see cref="PdfFile"/> is not.</summary>
public sealed class PdfView
{
    private const int MaxReferenceHops = 32;

    private readonly PdfFile file;
    private readonly long end; // a table may list what a later revision is to bring: it is not there yet
    private IReadOnlyList<PdfSignatureField>? fields;
    private PdfPages? pages;
    private PdfDictionary? catalog;
    private PaintedPages? painted;

    internal PdfView(PdfFile file, PdfRevision revision) => (this.file, Revision, end) = (file, revision, revision == file.Newest ? long.MaxValue : revision.End);

    /// <summary>The newest revision of this view.</summary>
    public PdfRevision Revision { get; }

    /// <summary>The trailer that counts here.</summary>
    public PdfDictionary Trailer => Revision.Trailer;

    /// <summary>The document catalogue; empty when the trailer names none.</summary>
    public PdfDictionary Catalog => catalog ??= Resolve(Trailer["Root"]) as PdfDictionary ?? PdfDictionary.Empty;

    /// <summary>The signature fields (trường chữ ký) that the form of this revision reaches.</summary>
    /// <exception cref="PdfException">A limit was passed.</exception>
    public IReadOnlyList<PdfSignatureField> SignatureFields => fields ??= SignatureFieldReader.Read(this);

    /// <summary>The pages of this revision.</summary>
    public PdfPages Pages => pages ??= new PdfPages(this);

    /// <summary>The pages of this revision as they are painted.</summary>
    internal PaintedPages Painted => painted ??= new PaintedPages(this);

    internal PdfFile File => file;

    /// <summary>The entry for an object number, looked up from this revision back to the first; null when none lists it.</summary>
    public XrefEntry? Find(int number)
    {
        for (var i = Revision.Index - 1; i >= 0; i--)
        {
            if (file.Revisions[i].TryGet(number, out var entry))
                return entry.Kind == XrefEntryKind.Offset && entry.Place >= end ? null : entry;
        }
        return null;
    }

    /// <summary>The object of that name, or null.</summary>
    public PdfObject Load(PdfRef name)
    {
        file.Budget.Step();
        if (Find(name.Number) is not { } entry || entry.Kind == XrefEntryKind.Free || entry.Generation != name.Generation)
            return PdfNull.Instance;
        if (entry.Kind == XrefEntryKind.Offset)
            return file.Store.At(entry.Place, name);
        // An object stream cannot live in an object stream (7.5.7), so this goes one level deep.
        if (Find((int)entry.Place) is not { Kind: XrefEntryKind.Offset } holder)
            return PdfNull.Instance;
        var container = file.Store.At(holder.Place, new PdfRef((int)entry.Place, holder.Generation));
        return container is PdfStream stream ? file.Store.In(stream, entry.Detail, name.Number, DecodeHeld) : PdfNull.Instance;
    }

    /// <summary>Follows references to the value; null when they lead nowhere or in a circle.</summary>
    public PdfObject Resolve(PdfObject value)
    {
        for (var hops = 0; value is PdfReference reference; hops++)
        {
            if (hops == MaxReferenceHops)
                return PdfNull.Instance;
            value = Load(reference.Target);
        }
        return value;
    }

    /// <summary>The value of a key, resolved.</summary>
    public PdfObject Get(PdfDictionary dictionary, string key) => Resolve(dictionary[key]);

    /// <summary>The encoded data of a stream, as a run of the file.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.BadStructure"/>: the stream has no end.</exception>
    public PdfSpan DataSpan(PdfStream stream) => StreamExtent.Of(this, stream);

    /// <summary>The decoded data of a stream, at most <see cref="PdfLimits.MaxDecodedBytes"/>.</summary>
    /// <exception cref="PdfException">Corrupt data, an unsupported filter, a limit.</exception>
    public byte[] Decode(PdfStream stream)
    {
        if (stream.DataOffset < 0)
            return StreamDecoding.Decode(stream.Dictionary, stream.Data, file.Limits.MaxDecodedBytes, Resolve, file.Budget);
        var span = DataSpan(stream);
        if (span.Length > file.Limits.MaxDecodedBytes)
            throw PdfException.Limit($"{file.Limits.MaxDecodedBytes} bytes in one stream", stream.DataOffset);
        var raw = file.Bytes.Window(span.Start, (int)span.Length);
        if (file.Store.Cipher is { } cipher && stream.Name is { } name)
            raw = cipher.Decrypt(stream, name, raw.Span, Resolve);
        return StreamDecoding.Decode(stream.Dictionary, raw, file.Limits.MaxDecodedBytes, Resolve, file.Budget);
    }

    /// <summary>Where the object of that number stands in this view; null when it does not exist.</summary>
    internal PdfLocation? Locate(int number)
    {
        if (Find(number) is not { } entry || entry.Kind == XrefEntryKind.Free)
            return null;
        if (entry.Kind == XrefEntryKind.Offset)
            return new PdfLocation(entry.Place, PdfLocation.NotCompressed);
        return Find((int)entry.Place) is { Kind: XrefEntryKind.Offset } holder ? new PdfLocation(holder.Place, entry.Detail) : null;
    }

    /// <summary>An object stream's bytes; a corrupt one counts as empty, so its objects are missing and reported as such.</summary>
    private byte[] DecodeHeld(PdfStream stream)
    {
        try
        {
            return Decode(stream);
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return [];
        }
    }
}
