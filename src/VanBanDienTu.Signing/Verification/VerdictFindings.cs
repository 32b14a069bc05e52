using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing.Verification;

/// <summary>What was noticed in a file, from its structure and from its signatures.</summary>
internal static class VerdictFindings
{
    public static Finding Of(PdfFinding f) => new(f.Code, f.Severity switch
    {
        PdfSeverity.Critical => Severity.Critical,
        PdfSeverity.Warning => Severity.Warning,
        _ => Severity.Info,
    }, new FindingPlace(f.Object?.Number, f.Object?.Generation, f.Offset, f.Revision), new LocalText(f.Vi, f.En));

    public static Finding Of(PdfException e) => new(e.Fault switch
    {
        PdfFault.NotAPdf => "not-a-pdf",
        PdfFault.Truncated => "truncated",
        PdfFault.Encrypted => "encrypted",
        PdfFault.LimitExceeded => "limit-exceeded",
        PdfFault.UnsupportedFilter => "unsupported-filter",
        _ => "bad-structure",
    }, Severity.Critical, new FindingPlace(e.Target?.Number, e.Target?.Generation, e.Offset, null), new LocalText(e.Vi, e.En));

    public static IEnumerable<Finding> Of(CheckedSignature signature)
    {
        var material = signature.Material;
        var place = new FindingPlace(material.Field.Value?.Number, material.Field.Value?.Generation, material.Dictionary.ContentsSpan?.Start, material.Gate.SignedRevision);
        if (!material.Gate.Ok)
            yield return new Finding(material.Gate.Code, Severity.Critical, place, new LocalText(material.Gate.Vi, material.Gate.En));
        foreach (var d in signature.Differences)
            yield return new Finding("readings-differ", Severity.Critical, new FindingPlace(d.Object?.Number, d.Object?.Generation, d.Offset, d.Revision), new LocalText(d.Vi, d.En));
        if (material.Gate.Ok && signature.LaterChanges == LaterChange.Suspicious)
            yield return new Finding("later-change-suspicious", Severity.Critical, place, new LocalText(
                $"Sau chữ ký «{signature.FieldName}» tài liệu có thay đổi đáng ngờ.", $"After the signature '{signature.FieldName}' the document was changed suspiciously."));
        if (signature.LaterChanges == LaterChange.Unknown)
            yield return new Finding("limit-exceeded", Severity.Critical, place, new LocalText(
                $"Chưa xem hết được thay đổi sau chữ ký «{signature.FieldName}»: {signature.Changes[^1].Text.Vi}", $"Not all changes after the signature '{signature.FieldName}' could be looked at: {signature.Changes[^1].Text.En}"));
        if (material.Cms is { Signers.Count: > 1 } cms)
            yield return new Finding("several-signer-infos", Severity.Warning, place, new LocalText(
                $"Chữ ký «{signature.FieldName}» chứa {cms.Signers.Count} người ký.", $"The signature '{signature.FieldName}' holds {cms.Signers.Count} SignerInfos."));
        if (signature.Check.NamesAnotherHash)
            yield return new Finding("signature-algorithm-mismatch", Severity.Warning, place, new LocalText(
                $"Chữ ký «{signature.FieldName}» ghi một thuật toán băm nhưng dùng thuật toán khác.", $"The signature '{signature.FieldName}' names one hash algorithm and uses another."));
        if (material.Cms is { Content: not null } && !material.IsTimestamp && material.Dictionary.SubFilter is SubFilters.Cades or SubFilters.Pkcs7Detached)
            yield return new Finding("content-in-detached", Severity.Warning, place, new LocalText(
                $"Chữ ký «{signature.FieldName}» chứa nội dung bên trong dù thuộc loại tách rời.", $"The detached signature '{signature.FieldName}' holds content inside."));
    }

    /// <summary>Signatures that an earlier revision had and the newest form no longer reaches.</summary>
    public static IEnumerable<Finding> Removed(PdfFile file)
    {
        HashSet<long>? present = null;
        var reported = new HashSet<long>();
        for (var i = 0; i < file.Revisions.Count - 1; i++)
        {
            var revision = file.Revisions[i];
            foreach (var field in file.At(revision).SignatureFields)
            {
                if (field.Signature?.ContentsSpan is { } span && !(present ??= Spans(file, file.Newest)).Contains(span.Start) && reported.Add(span.Start))
                    yield return new Finding("signature-removed", Severity.Critical, new FindingPlace(field.Value?.Number, field.Value?.Generation, span.Start, revision.Index), new LocalText(
                        $"Chữ ký «{field.Name}» có ở phiên bản {revision.Index} nhưng đã bị gỡ khỏi tài liệu.", $"The signature '{field.Name}' of revision {revision.Index} was removed from the document."));
            }
        }
    }

    public static Finding Internal(Exception e) => new("internal", Severity.Critical, null, new LocalText(
        $"Lỗi nội bộ khi kiểm tra ({e.GetType().Name}); hãy gửi tệp cho nhà phát triển.", $"An internal error while verifying ({e.GetType().Name}: {e.Message}); please send the file to the developers."));

    private static HashSet<long> Spans(PdfFile file, PdfRevision revision) =>
        [.. file.At(revision).SignatureFields.Select(f => f.Signature?.ContentsSpan?.Start).OfType<long>()];
}
