namespace VanBanDienTu.Pdf;

/// <summary>What a signature to be added will forbid after it: a certification (chữ ký chứng thực, DocMDP) and a lock of fields (khóa trường, FieldMDP).</summary>
/// <remarks>Source: ISO 32000-2, 12.7.5.5 and 12.8.2.</remarks>
internal sealed record SignatureRules(int? Certify, PdfFieldLock? Lock)
{
    private static readonly PdfName Version = new("1.2");

    /// <summary>The rules of a signature in that field: an existing field's own /Lock counts, and excludes another.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: the rules cannot be set here; the message says why.</exception>
    public static SignatureRules Of(PdfFile file, IReadOnlyList<string> fields, PdfField? existing, int? certify, PdfFieldLock? asked)
    {
        if (certify is not null)
            CheckFirst(file, certify.Value);
        var view = file.At(file.Newest);
        var own = existing is not null && view.Get(existing.Dictionary, "Lock") is PdfDictionary given ? SignatureFieldReader.LockOf(view, given) : null;
        if (own is not null && asked is not null)
            throw Cannot($"Trường «{existing!.Name}» đã quy định sẵn việc khóa; không đặt thêm khóa khác.", $"The field '{existing.Name}' brings its own lock; another cannot be set.");
        if (asked?.Fields.FirstOrDefault(name => !fields.Any(f => f == name || f.StartsWith(name + ".", StringComparison.Ordinal))) is { } unknown)
            throw Cannot($"Không có trường «{unknown}» để khóa.", $"There is no field '{unknown}' to lock.");
        return new SignatureRules(certify, own ?? asked);
    }

    /// <summary>/Reference of the signature dictionary; null when there are no rules.</summary>
    public PdfArray? References(PdfRef root)
    {
        var references = new List<PdfObject>();
        if (Certify is { } level)
            references.Add(Reference("DocMDP", new PdfDictionary(("Type", new PdfName("TransformParams")), ("P", new PdfInteger(level)), ("V", Version)), root));
        if (Lock is not null)
            references.Add(Reference("FieldMDP", Entries(new PdfDictionary(("Type", new PdfName("TransformParams")), ("V", Version))), root));
        return references.Count == 0 ? null : new PdfArray(references);
    }

    /// <summary>/Lock of a new field.</summary>
    public PdfDictionary LockDictionary() => Entries(new PdfDictionary(("Type", new PdfName("SigFieldLock"))));

    /// <summary>The catalogue names the certification, so that readers find it before they look at any field.</summary>
    public void Announce(PdfIncrementalWriter writer, PdfRef value)
    {
        if (Certify is null)
            return;
        var catalog = (PdfDictionary)writer.Load(writer.Root);
        var permissions = writer.File.Resolve(catalog["Perms"]) as PdfDictionary ?? PdfDictionary.Empty;
        writer.Replace(writer.Root, catalog.With("Perms", permissions.With("DocMDP", new PdfReference(value))));
    }

    private static PdfDictionary Reference(string method, PdfDictionary parameters, PdfRef root) => new(
        ("Type", new PdfName("SigRef")),
        ("TransformMethod", new PdfName(method)),
        ("TransformParams", parameters),
        ("Data", new PdfReference(root)));

    private PdfDictionary Entries(PdfDictionary empty)
    {
        var entries = empty.With("Action", new PdfName(Lock!.Action));
        if (Lock.Action != "All")
            entries = entries.With("Fields", new PdfArray([.. Lock.Fields.Select(PdfString.FromText)]));
        return Lock.Permissions is { } p ? entries.With("P", new PdfInteger(p)) : entries;
    }

    private static void CheckFirst(PdfFile file, int level)
    {
        if (level is < 1 or > 3)
            throw Cannot("Mức chứng thực phải là 1, 2 hoặc 3.", "The certification level must be 1, 2 or 3.");
        if (file.SignatureFields.FirstOrDefault(f => f.Signature is not null) is { } signed)
            throw Cannot($"Chữ ký chứng thực phải là chữ ký đầu tiên; tệp đã có chữ ký «{signed.Name}».", $"A certification must be the first signature; the file has the signature '{signed.Name}'.");
        if (file.Resolve(file.Catalog["Perms"]) is PdfDictionary perms && perms.Has("DocMDP"))
            throw Cannot("Tệp đã có chữ ký chứng thực.", "The file has a certification already.");
    }

    private static PdfException Cannot(string vi, string en) => new(PdfFault.CannotWrite, vi, en);
}
