namespace VanBanDienTu.Pdf;

/// <summary>Narrows what the whitelist allows by what a signature forbids (ISO 32000-2, 12.8.2).</summary>
internal static class ChangeRules
{
    public const int NoChanges = 1;
    private const int Annotations = 3;

    /// <param name="change">As the whitelist judged it.</param>
    /// <param name="signature">The signature whose rules count.</param>
    /// <param name="certified">The DocMDP level that held when it was made; null when the document was not certified.</param>
    public static RevisionChange Apply(RevisionChange change, PdfSignatureDictionary? signature, int? certified)
    {
        if (change.IsComment && certified == Annotations)
            change = change with { Allowed = true };
        if (!change.Allowed || signature is null)
            return change;
        if ((signature.DocMdp == NoChanges || signature.FieldMdp?.Permissions == NoChanges) && change.Class is ChangeClass.FormFill or ChangeClass.Signature or ChangeClass.Annotation)
        {
            return Forbid(change, "Chữ ký chứng thực không cho phép thay đổi nào.", "The certification signature permits no changes.");
        }
        // A lock on all fields is how programs freeze a form that others sign after; one that names the field means it.
        if (change.Field is { } field && signature.FieldMdp is { } locked && locked.Covers(field) && (change.Class == ChangeClass.FormFill || change.Class == ChangeClass.Signature && locked.Action == "Include"))
            return Forbid(change, "Trường này đã bị khoá khi ký.", "The field was locked when it was signed.");
        return change;
    }

    private static RevisionChange Forbid(RevisionChange change, string vi, string en) =>
        change with { Allowed = false, Vi = $"{change.Vi} {vi}", En = $"{change.En} {en}" };
}
