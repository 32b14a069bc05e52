namespace VanBanDienTu.Pdf;

/// <summary>A new signature value: a dictionary with a byte range. Whether it is a good signature is judged on its own.</summary>
internal static class SignatureValueRule
{
    public static bool Judge(Difference work, PdfObject value, PdfRef field, string name)
    {
        if (work.After.Resolve(value) is not PdfDictionary signature || !signature.Has("ByteRange") || !signature.Has("Contents"))
        {
            work.Refuse(ChangeClass.Undefined, field, $"Trường «{name}» nhận một giá trị không phải là chữ ký.", $"The field '{name}' got a value that is no signature.", name);
            return false;
        }
        var own = (value as PdfReference)?.Target;
        if (!work.After.SignatureFields.Any(f => f.Signature is not null && (f.Field == field || own is not null && f.Value == own)))
        {
            work.Refuse(ChangeClass.Undefined, field, $"Chữ ký «{name}» được gắn vào trang theo cách không phần mềm nào kiểm tra được.", $"The signature '{name}' stands where it is shown and not verified.", name);
            return false;
        }
        var timestamp = signature["SubFilter"] is PdfName { Value: "ETSI.RFC3161" } || signature["Type"] is PdfName { Value: "DocTimeStamp" };
        if (timestamp && !Widgets(work.After, field).Any(w => AnnotationLook.Shows(work.After, w)))
            work.Allow(ChangeClass.Ltv, field, $"Dấu thời gian tài liệu «{name}» được thêm vào.", $"The document timestamp '{name}' was added.", name);
        else
            work.Allow(ChangeClass.Signature, field, $"Chữ ký «{name}» được thêm vào.", $"The signature '{name}' was added.", name);
        return true;
    }

    /// <summary>The field itself and its kids. A timestamp that shows something on a page is more than material for verifiers.</summary>
    private static IEnumerable<PdfDictionary> Widgets(PdfView view, PdfRef field) => view.Load(field) is not PdfDictionary own ? []
        : [own, .. (view.Get(own, "Kids") as PdfArray)?.Items.Select(view.Resolve).OfType<PdfDictionary>() ?? []];
}
