namespace VanBanDienTu.Pdf;

/// <summary>Picks the signature fields out of a form and reads their signature dictionaries.</summary>
internal static class SignatureFieldReader
{
    private const int Hidden = 1 << 1;
    private const int NoView = 1 << 5;

    public static IReadOnlyList<PdfSignatureField> Read(PdfView view)
    {
        var form = FieldTree.Read(view);
        var found = form.FindAll(f => f.Type == "Sig");
        found.AddRange(LooseSignatures.Of(view, form));
        if (found.Count == 0)
            return [];
        var places = WidgetPlaces.Of(view, found);
        return found.ConvertAll(f => Field(view, f, places));
    }

    private static PdfSignatureField Field(PdfView view, PdfField field, IReadOnlyDictionary<PdfRef, PdfPage> places)
    {
        var (widgetRef, widget) = field.Widgets[0];
        var rect = RectOf(view, view.Get(widget, "Rect"));
        var page = widgetRef is { } name ? places.GetValueOrDefault(name) : null;
        var flags = view.Get(widget, "F") is PdfInteger f ? f.Value : 0;
        return new PdfSignatureField(field.Name, field.Ref, field.Dictionary, (field.Value as PdfReference)?.Target, Signature(view, field.Value))
        {
            Page = page?.Number,
            PageRef = page?.Ref,
            Rect = rect,
            Visible = page is not null && rect is { Width: > 0, Height: > 0 } && (flags & (Hidden | NoView)) == 0,
            Lock = view.Get(field.Dictionary, "Lock") is PdfDictionary locked ? LockOf(view, locked) : null,
            SeedValue = view.Get(field.Dictionary, "SV") as PdfDictionary,
        };
    }

    private static PdfSignatureDictionary? Signature(PdfView view, PdfObject value)
    {
        if (view.Resolve(value) is not PdfDictionary dictionary)
            return null;
        // Taken unresolved on purpose: an indirect /Contents or /ByteRange is not inside this dictionary.
        var contents = dictionary["Contents"] as PdfString;
        var range = view.Get(dictionary, "ByteRange") is PdfArray array ? Integers(array) : [];
        var span = contents is { Hex: true } ? contents.Span : null;
        return new PdfSignatureDictionary(dictionary, NameOf(view, dictionary, "Filter"), NameOf(view, dictionary, "SubFilter"), range, span,
            contents?.Bytes ?? default, RevisionOf(view, span))
        {
            Reason = Text(view, dictionary, "Reason"),
            Location = Text(view, dictionary, "Location"),
            ContactInfo = Text(view, dictionary, "ContactInfo"),
            Name = Text(view, dictionary, "Name"),
            ModifiedAt = Text(view, dictionary, "M"),
            Certificates = Strings(view, view.Get(dictionary, "Cert")),
            DocMdp = DocMdpOf(view, dictionary),
            FieldMdp = Transform(view, dictionary, "FieldMDP") is { } fieldMdp ? LockOf(view, fieldMdp) : null,
        };
    }

    private static long[] Integers(PdfArray array)
    {
        var all = new long[array.Count];
        for (var i = 0; i < all.Length; i++)
        {
            if (array[i] is not PdfInteger integer)
                return [];
            all[i] = integer.Value;
        }
        return all;
    }

    /// <summary>The level of a certification; 2 when it says none.</summary>
    internal static int? DocMdpOf(PdfView view, PdfDictionary signature) =>
        Transform(view, signature, "DocMDP") is { } docMdp ? view.Get(docMdp, "P") is PdfInteger { Value: >= 1 and <= 3 } p ? (int)p.Value : 2 : null;

    /// <summary>The revision in whose bytes the string stands.</summary>
    private static int RevisionOf(PdfView view, PdfSpan? span)
    {
        if (span is { } place)
        {
            foreach (var revision in view.File.Revisions)
            {
                if (place.End <= revision.End)
                    return revision.Index;
            }
        }
        return view.Revision.Index;
    }

    /// <summary>The transform parameters of that method among the signature references; empty when it has none.</summary>
    private static PdfDictionary? Transform(PdfView view, PdfDictionary dictionary, string method)
    {
        if (view.Get(dictionary, "Reference") is not PdfArray references)
            return null;
        foreach (var item in references.Items)
        {
            if (view.Resolve(item) is PdfDictionary reference && NameOf(view, reference, "TransformMethod") == method)
                return view.Get(reference, "TransformParams") as PdfDictionary ?? PdfDictionary.Empty;
        }
        return null;
    }

    internal static PdfFieldLock LockOf(PdfView view, PdfDictionary dictionary) =>
        new(NameOf(view, dictionary, "Action") ?? "All",
            view.Get(dictionary, "Fields") is PdfArray names ? [.. names.Items.Select(view.Resolve).OfType<PdfString>().Select(s => s.Text)] : [])
        {
            Permissions = view.Get(dictionary, "P") is PdfInteger { Value: >= 1 and <= 3 } p ? (int)p.Value : null,
        };

    internal static PdfRectangle? RectOf(PdfView view, PdfObject value)
    {
        if (value is not PdfArray { Count: >= 4 } array) // some readers do not count
            return null;
        Span<double> n = stackalloc double[4];
        for (var i = 0; i < n.Length; i++)
        {
            if (view.Resolve(array[i]) is not PdfNumber number)
                return null;
            n[i] = number.Number;
        }
        return new PdfRectangle(Math.Min(n[0], n[2]), Math.Min(n[1], n[3]), Math.Max(n[0], n[2]), Math.Max(n[1], n[3]));
    }

    private static List<ReadOnlyMemory<byte>> Strings(PdfView view, PdfObject value) => value switch
    {
        PdfString one => [one.Bytes],
        PdfArray many => [.. many.Items.Select(view.Resolve).OfType<PdfString>().Select(s => s.Bytes)],
        _ => [],
    };

    private static string? NameOf(PdfView view, PdfDictionary dictionary, string key) => (view.Get(dictionary, key) as PdfName)?.Value;

    private static string? Text(PdfView view, PdfDictionary dictionary, string key) => (view.Get(dictionary, key) as PdfString)?.Text;
}
