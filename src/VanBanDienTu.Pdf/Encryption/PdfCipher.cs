namespace VanBanDienTu.Pdf;

/// <summary>Takes the encryption of a document (mã hoá tệp PDF) off what is read and puts it on what is written: strings and streams, each under its object's key.</summary>
/// <remarks>Encryption belongs to the syntax of PDF (ISO 32000-2, 7.6): who opens a file must know it before a single string makes sense. It is built
/// from .NET's primitives and knows nothing of signatures but that the value of one (/Contents) stays as it is (7.6.2).</remarks>
internal sealed class PdfCipher
{
    private readonly CryptFilter strings;
    private readonly CryptFilter streams;
    private readonly CryptFilter embedded;
    private readonly IReadOnlyDictionary<string, CryptFilter> named;
    private readonly bool openMetadata;
    private readonly PdfRef? dictionary;

    public PdfCipher(PdfView view, PdfDictionary security, PdfRef? dictionary, SecurityValues values, byte[] key)
    {
        this.dictionary = dictionary;
        openMetadata = values is { Version: >= 4, EncryptMetadata: false };
        var identity = new CryptFilter(CryptMethod.Identity, key);
        var all = new Dictionary<string, CryptFilter>(StringComparer.Ordinal) { ["Identity"] = identity };
        if (values.Version < 4)
            streams = strings = embedded = new CryptFilter(CryptMethod.Rc4, key);
        else
        {
            foreach (var (name, value) in view.Get(security, "CF") as PdfDictionary ?? PdfDictionary.Empty)
            {
                if (name != "Identity" && view.Resolve(value) is PdfDictionary filter)
                    all[name] = new CryptFilter(MethodOf(view, filter), key);
            }
            streams = Named(view, security, "StmF", all) ?? identity;
            strings = Named(view, security, "StrF", all) ?? identity;
            embedded = Named(view, security, "EFF", all) ?? streams;
        }
        named = all;
    }

    /// <summary>Opened with the owner's password: everything is permitted.</summary>
    public required bool ByOwner { get; init; }

    /// <summary>/P: what whoever knows only the user's password may do (ISO 32000-2, table 22).</summary>
    public required int Permissions { get; init; }

    /// <summary>An indirect object as read from the file with its strings decrypted; stream data stays until <see cref="Decrypt"/>.</summary>
    public PdfObject Open(PdfObject value, PdfRef name) => name == dictionary || IsXref(value) ? value : Strings(value, b => Text(name, b));

    /// <summary>An object to be written, with strings and stream data encrypted.</summary>
    public PdfObject Seal(PdfObject value, PdfRef name)
    {
        if (name == dictionary)
            return value;
        var written = Strings(value, b => strings.Encrypt(name, b));
        return written is PdfStream { DataOffset: < 0 } stream
            ? new PdfStream(stream.Dictionary, Filter(stream.Dictionary, v => v).Encrypt(name, stream.Data.Span))
            : written;
    }

    /// <summary>The encoded data of a stream of the file.</summary>
    public byte[] Decrypt(PdfStream stream, PdfRef name, ReadOnlySpan<byte> data, Func<PdfObject, PdfObject> resolve) => Filter(stream.Dictionary, resolve).Decrypt(name, data);

    private static bool IsXref(PdfObject value) => value is PdfStream { Dictionary: var d } && d["Type"] is PdfName { Value: "XRef" };

    private byte[] Text(PdfRef name, ReadOnlySpan<byte> data)
    {
        try
        {
            return strings.Decrypt(name, data);
        }
        catch (PdfException)
        {
            return []; // a string that was never encrypted says nothing that can be relied on
        }
    }

    private CryptFilter Filter(PdfDictionary stream, Func<PdfObject, PdfObject> resolve)
    {
        var filters = resolve(stream["Filter"]);
        if ((filters is PdfArray { Count: > 0 } list ? resolve(list[0]) : filters) is PdfName { Value: "Crypt" })
        {
            var parameters = resolve(stream["DecodeParms"]);
            var own = (parameters is PdfArray { Count: > 0 } each ? resolve(each[0]) : parameters) as PdfDictionary;
            return named.GetValueOrDefault((own is null ? null : resolve(own["Name"]) as PdfName)?.Value ?? "Identity") ?? streams;
        }
        return stream["Type"] switch
        {
            PdfName { Value: "XRef" } => named["Identity"],
            PdfName { Value: "Metadata" } when openMetadata => named["Identity"],
            PdfName { Value: "EmbeddedFile" } => embedded,
            _ => streams,
        };
    }

    private delegate byte[] Change(ReadOnlySpan<byte> data);

    private static PdfObject Strings(PdfObject value, Change change) => value switch
    {
        PdfString s => new PdfString(change(s.Bytes.Span), hex: true, s.Span, s.Irregular),
        PdfArray a => new PdfArray([.. a.Items.Select(i => Strings(i, change))]),
        PdfDictionary d => Entries(d, change),
        PdfStream { DataOffset: < 0 } s => new PdfStream(Entries(s.Dictionary, change), s.Data),
        PdfStream s => new PdfStream(Entries(s.Dictionary, change), s.DataOffset) { Name = s.Name },
        _ => value,
    };

    private static PdfDictionary Entries(PdfDictionary dictionary, Change change)
    {
        var isSignature = dictionary.Has("ByteRange");
        return new PdfDictionary(dictionary.Select(e => KeyValuePair.Create(e.Key, isSignature && e.Key == "Contents" ? e.Value : Strings(e.Value, change)))) { DuplicateKeys = dictionary.DuplicateKeys };
    }

    private static CryptMethod MethodOf(PdfView view, PdfDictionary filter) => (view.Get(filter, "CFM") as PdfName)?.Value switch
    {
        "V2" => CryptMethod.Rc4,
        "AESV2" => CryptMethod.Aes128,
        "AESV3" => CryptMethod.Aes256,
        null or "None" => CryptMethod.Identity,
        var other => throw new PdfException(PdfFault.Encrypted, $"Tệp PDF được mã hoá theo cách chưa hỗ trợ ({other}).", $"The PDF is encrypted by a method that is not supported ({other})."),
    };

    private static CryptFilter? Named(PdfView view, PdfDictionary security, string key, Dictionary<string, CryptFilter> all) =>
        view.Get(security, key) is PdfName { Value: var name }
            ? all.GetValueOrDefault(name) ?? throw new PdfException(PdfFault.Encrypted, $"Thông tin mã hoá thiếu bộ lọc «{name}».", $"The encryption dictionary names the crypt filter '{name}' and does not have it.")
            : null;
}
