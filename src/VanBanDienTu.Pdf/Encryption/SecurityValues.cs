namespace VanBanDienTu.Pdf;

/// <summary>The numbers and strings of an encryption dictionary of the standard security handler (ISO 32000-2, table 21).</summary>
/// <param name="Version">/V: 1, 2, 4 or 5.</param>
/// <param name="Revision">/R: 2 to 6.</param>
/// <param name="KeyBytes">Length of the file key.</param>
/// <param name="Owner">/O.</param>
/// <param name="User">/U.</param>
/// <param name="Permissions">/P.</param>
/// <param name="EncryptMetadata">Whether the XMP metadata is encrypted like the rest.</param>
/// <param name="FileId">The first string of the trailer's /ID; empty when there is none.</param>
internal sealed record SecurityValues(
    int Version, int Revision, int KeyBytes, byte[] Owner, byte[] User, int Permissions, bool EncryptMetadata, byte[] FileId)
{
    /// <summary>/OE.</summary>
    public byte[] OwnerKey { get; init; } = [];

    /// <summary>/UE.</summary>
    public byte[] UserKey { get; init; } = [];

    /// <summary>/Perms.</summary>
    public byte[] SealedPermissions { get; init; } = [];

    /// <exception cref="PdfException"><see cref="PdfFault.Encrypted"/>: another handler, or values that no key can be made from.</exception>
    public static SecurityValues Read(PdfView view, PdfDictionary dictionary)
    {
        if (view.Get(dictionary, "Filter") is not PdfName { Value: "Standard" })
            throw new PdfException(PdfFault.Encrypted, "Tệp PDF được mã hoá bằng chứng thư hoặc cách riêng, không mở được bằng mật khẩu.", "The PDF is encrypted by another handler than the standard one; a password does not open it.");
        var (version, revision) = (Whole(view, dictionary, "V", 0), Whole(view, dictionary, "R", 0));
        var bits = Whole(view, dictionary, "Length", 40);
        var values = new SecurityValues(version, revision, version switch { 1 => 5, 2 or 3 => bits / 8, 4 => 16, _ => 32 }, Bytes(view, dictionary, "O"), Bytes(view, dictionary, "U"),
            unchecked((int)(view.Get(dictionary, "P") is PdfInteger p ? p.Value : 0)), view.Get(dictionary, "EncryptMetadata") is not PdfBoolean { Value: false },
            view.Get(view.Trailer, "ID") is PdfArray { Count: > 0 } id && view.Resolve(id[0]) is PdfString first ? first.Bytes.ToArray() : [])
        {
            OwnerKey = Bytes(view, dictionary, "OE"),
            UserKey = Bytes(view, dictionary, "UE"),
            SealedPermissions = Bytes(view, dictionary, "Perms"),
        };
        return values.Usable ? values : throw new PdfException(PdfFault.Encrypted,
            $"Tệp PDF được mã hoá theo cách chưa hỗ trợ hoặc thông tin mã hoá bị hỏng (V{version}, R{revision}).", $"The PDF's encryption is damaged or of a kind that is not supported (V {version}, R {revision}).");
    }

    private bool Usable => (Version, Revision) switch
    {
        (1 or 2, 2 or 3) or (4, 4) => Owner.Length >= 32 && User.Length >= 32 && KeyBytes is >= 5 and <= 16,
        (5, 5 or 6) => Owner.Length >= 48 && User.Length >= 48 && OwnerKey.Length == 32 && UserKey.Length == 32,
        _ => false,
    };

    private static int Whole(PdfView view, PdfDictionary dictionary, string key, int otherwise) =>
        view.Get(dictionary, key) is PdfInteger { Value: >= 0 and <= 1024 } i ? (int)i.Value : otherwise;

    private static byte[] Bytes(PdfView view, PdfDictionary dictionary, string key) => view.Get(dictionary, key) is PdfString s ? s.Bytes.ToArray() : [];
}
