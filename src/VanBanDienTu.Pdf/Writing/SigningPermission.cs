namespace VanBanDienTu.Pdf;

/// <summary>Whether the signatures that a file already has, and the owner of an encrypted one, allow one more signature.</summary>
internal static class SigningPermission
{
    private const int NoChanges = 1;

    // Bits of /P (ISO 32000-2, table 22): to make a field both of the first two are needed, to fill one either of the last two.
    private const int Modify = 1 << 3;
    private const int AnnotateAndFill = 1 << 5;
    private const int FillFields = 1 << 8;

    /// <summary>Whether a text field may be filled in.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>, with what forbids it.</exception>
    public static void CheckFilling(PdfFile file, string name)
    {
        if (file.SignatureFields.FirstOrDefault(f => f.Signature is { FieldMdp: { } locked } && locked.Covers(name)) is { } by)
            throw new PdfException(PdfFault.CannotWrite, $"Trường «{name}» đã bị chữ ký «{by.Name}» khóa.", $"The field '{name}' was locked by the signature '{by.Name}'.");
    }

    /// <param name="file">The file.</param>
    /// <param name="intoField">The existing field that is filled; null when a new one is made.</param>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>, with what forbids it.</exception>
    public static void Check(PdfFile file, string? intoField)
    {
        if (file.Store.Cipher is { ByOwner: false, Permissions: var granted }
            && !(intoField is not null ? (granted & (AnnotateAndFill | FillFields)) != 0 : (granted & (Modify | AnnotateAndFill)) == (Modify | AnnotateAndFill)))
        {
            throw new PdfException(PdfFault.CannotWrite, "Chủ tệp PDF mã hoá không cho phép thêm chữ ký; hãy mở bằng mật khẩu của chủ tệp (owner).",
                "The owner of the encrypted PDF does not permit to add a signature; give the owner's password.");
        }
        if (file.Resolve(file.Catalog["Perms"]) is PdfDictionary perms && file.Resolve(perms["DocMDP"]) is PdfDictionary certification
            && SignatureFieldReader.DocMdpOf(file.At(file.Newest), certification) == NoChanges)
        {
            throw new PdfException(PdfFault.CannotWrite, "Chữ ký chứng thực của tài liệu không cho phép thay đổi nữa, kể cả ký thêm.",
                "The document's certification permits no further change, not even another signature.");
        }
        if (intoField is not null)
            CheckFilling(file, intoField);
        foreach (var field in file.SignatureFields)
        {
            if (field.Signature is { } signature && (signature.DocMdp == NoChanges || signature.FieldMdp?.Permissions == NoChanges))
            {
                throw new PdfException(PdfFault.CannotWrite, $"Chữ ký «{field.Name}» không cho phép thay đổi tài liệu nữa, kể cả ký thêm.",
                    $"The signature '{field.Name}' permits no further change to the document, not even another signature.");
            }
        }
    }
}
