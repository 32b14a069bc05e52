using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf;

/// <summary>What a signature to be added should look like in the file; <see cref="Prepare"/> lays out the update that holds it.</summary>
public sealed record SignaturePlaceholder
{
    /// <summary>Sig flags: the form holds signatures, and the file may only be appended to.</summary>
    private const int SignaturesExistAppendOnly = 3;

    private const int PrintAndLocked = 4 | 128;

    /// <summary>An existing empty signature field to fill, else the name of a new one; null for a new one with a free name.</summary>
    public string? FieldName { get; init; }

    /// <summary>The page of a new field, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Where a new field is shown, on the page as it is shown (see <see cref="PageFrame"/>); null for an invisible one.</summary>
    public PdfRectangle? Rect { get; init; }

    /// <summary>What a visible field shows; null for nothing.</summary>
    public SignatureLook? Look { get; init; }

    /// <summary>Room for the signature value, in bytes (the hexadecimal string is twice as long).</summary>
    public int ReservedBytes { get; init; } = 8 << 10;

    /// <summary>What a document timestamp (dấu thời gian tài liệu) looks like: invisible, and declared as an extension.</summary>
    /// <remarks>Source: ETSI EN 319 142-1, 5.4.3.</remarks>
    public static SignaturePlaceholder DocumentTimestamp { get; } = new() { Type = "DocTimeStamp", SubFilter = "ETSI.RFC3161", NamePrefix = "Timestamp" };

    /// <summary>What free names of new fields begin with.</summary>
    public string NamePrefix { get; init; } = "Signature";

    /// <summary>/Type: <c>Sig</c> or <c>DocTimeStamp</c>.</summary>
    public string Type { get; init; } = "Sig";

    /// <summary>/Filter.</summary>
    public string Filter { get; init; } = "Adobe.PPKLite";

    /// <summary>/SubFilter.</summary>
    public string SubFilter { get; init; } = "ETSI.CAdES.detached";

    /// <summary>/M, the claimed time, written with its offset; null leaves it out.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>/Reason.</summary>
    public string? Reason { get; init; }

    /// <summary>/Location.</summary>
    public string? Location { get; init; }

    /// <summary>/ContactInfo.</summary>
    public string? ContactInfo { get; init; }

    /// <summary>/Name.</summary>
    public string? Name { get; init; }

    /// <summary>Certifies the document (DocMDP): 1 permits no change after it, 2 filling of forms and signing, 3 annotations too; null for an approval.</summary>
    public int? Certify { get; init; }

    /// <summary>The fields that this signature locks; null for none, or for what an existing field says itself.</summary>
    public PdfFieldLock? Lock { get; init; }

    /// <summary>Text fields that are filled in the same update, before the signature.</summary>
    public IReadOnlyList<FieldFill> Fills { get; init; } = [];

    /// <summary>Empty text fields that are made in the same update, as the first signature only.</summary>
    public IReadOnlyList<ReservedField> Reserved { get; init; } = [];

    private bool IsTimestamp => Type == "DocTimeStamp";

    /// <summary>Lays out the update. The file is not changed; nothing is written yet.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: no such page, the field is signed or not a signature field, an earlier
    /// signature forbids it, the file is damaged.</exception>
    public PreparedSignature Prepare(PdfFile file)
    {
        var writer = new PdfIncrementalWriter(file);
        // A certification that permits no changes still permits to keep it provable (ISO 32000-2, 12.8.2.2.2).
        var fields = FieldTree.Read(file.At(file.Newest));
        var existing = FieldName is null ? null : fields.Find(f => f.Name == FieldName);
        if (!IsTimestamp)
            SigningPermission.Check(file, existing?.Name);
        if (existing is not null)
            SeedValueCheck.Run(file.At(file.Newest), existing, SubFilter, Reason, Certify);
        var rules = SignatureRules.Of(file, [.. fields.Select(f => f.Name), .. Reserved.Select(r => r.Name)], existing, Certify, Lock);
        FieldFilling.Apply(writer, fields, Fills);
        foreach (var reserved in Reserved)
            reserved.AddTo(writer, fields);
        var range = SignatureLayout.EmptyRange();
        var contents = new PdfPlaceholder('<', '0', checked(ReservedBytes * 2), '>');
        var name = existing?.Name ?? NewName(fields);

        var field = existing is null ? writer.Reserve() : default;
        var value = writer.Add(Dictionary(range, contents, rules.References(writer.Root)));
        if (existing is null)
        {
            writer.Replace(field, NewField(writer, name, field, value, rules));
            FormUpdate.AddWidget(writer, Page, field);
            FormUpdate.AddField(writer, field, SignaturesExistAppendOnly);
        }
        else
        {
            field = FormUpdate.FillField(writer, existing, value, Look);
            FormUpdate.AddField(writer, null, SignaturesExistAppendOnly);
        }
        rules.Announce(writer, value);
        if (IsTimestamp)
            writer.Replace(writer.Root, EtsiExtension.Declare(writer, (PdfDictionary)writer.Load(writer.Root)));
        return SignatureLayout.Finish(writer, range, contents, name, field, value);
    }

    private PdfDictionary Dictionary(PdfPlaceholder range, PdfPlaceholder contents, PdfArray? references)
    {
        var entries = new List<KeyValuePair<string, PdfObject>>
        {
            new("Type", new PdfName(Type)),
            new("Filter", new PdfName(Filter)),
            new("SubFilter", new PdfName(SubFilter)),
            new("ByteRange", range),
            new("Contents", contents),
        };
        if (Time is { } time)
            entries.Add(new("M", PdfDates.Write(time)));
        foreach (var (key, text) in new[] { ("Name", Name), ("Reason", Reason), ("Location", Location), ("ContactInfo", ContactInfo) })
        {
            if (text is not null)
                entries.Add(new(key, PdfString.FromText(text)));
        }
        if (references is not null)
            entries.Add(new("Reference", references));
        return new PdfDictionary(entries);
    }

    private PdfDictionary NewField(PdfIncrementalWriter writer, string name, PdfRef self, PdfRef value, SignatureRules rules)
    {
        var page = writer.File.At(writer.File.Newest).Pages[Page]
            ?? throw new PdfException(PdfFault.CannotWrite, $"Tài liệu không có trang {Page}.", $"The document has no page {Page}.");
        if (page.Ref is not { } pageRef)
            throw new PdfException(PdfFault.CannotWrite, "Trang không phải là đối tượng gián tiếp.", "The page is not an indirect object.");
        var frame = Rect is { Width: > 0, Height: > 0 } ? PageFrame.Of(writer.File, page) : null;
        var rect = frame?.UserSpace(Rect!.Value) ?? default;
        var field = new PdfDictionary(
            ("Type", new PdfName("Annot")),
            ("Subtype", new PdfName("Widget")),
            ("FT", new PdfName("Sig")),
            ("T", PdfString.FromText(name)),
            ("V", new PdfReference(value)),
            ("Rect", new PdfArray([Number(rect.Left), Number(rect.Bottom), Number(rect.Right), Number(rect.Top)])),
            ("F", new PdfInteger(PrintAndLocked)),
            ("P", new PdfReference(pageRef)));
        if (rules.Lock is not null)
            field = field.With("Lock", new PdfReference(writer.Add(rules.LockDictionary())));
        if (frame is null)
            return FileColours.WantEveryLook(writer.File) ? field.With("AP", FormUpdate.Appearance(writer, PageFrame.Of(writer.File, page), default, null)) : field;
        return StructureTag.Apply(writer, field, self, pageRef).With("AP", FormUpdate.Appearance(writer, frame, Rect!.Value, Look));
    }

    private static PdfNumber Number(double value) => value == Math.Truncate(value) ? new PdfInteger((long)value) : new PdfReal(value);

    private string NewName(List<PdfField> fields)
    {
        // Roots only: a new field is added at the root, where partial and full names are the same.
        var taken = fields.Select(f => f.Name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        if (FieldName is { Length: > 0 } wanted)
        {
            return !wanted.Contains('.', StringComparison.Ordinal) && !taken.Contains(wanted) ? wanted
                : throw new PdfException(PdfFault.CannotWrite, $"Không thể tạo trường chữ ký «{wanted}»: tên đã dùng hoặc có dấu chấm.", $"A field '{wanted}' cannot be created: the name is taken or has a dot.");
        }
        var number = 1;
        while (taken.Contains($"{NamePrefix}{number}"))
            number++;
        return $"{NamePrefix}{number}";
    }
}
