namespace VanBanDienTu.Pdf;

/// <summary>Whether the signatures that a file already has allow one more.</summary>
internal static class SigningPermission
{
    private const int NoChanges = 1;

    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>, with the field that forbids it.</exception>
    public static void Check(PdfFile file)
    {
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
