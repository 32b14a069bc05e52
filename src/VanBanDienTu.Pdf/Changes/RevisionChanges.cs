namespace VanBanDienTu.Pdf;

/// <summary>What changed in a file after a revision, object by object, and whether all of it is allowed.</summary>
/// <param name="Verdict">None, permitted or suspicious.</param>
/// <param name="Changes">In the order of the revisions.</param>
public sealed record RevisionChanges(LaterChanges Verdict, IReadOnlyList<RevisionChange> Changes)
{
    /// <summary>Compares every revision after <paramref name="signed"/> with the one before it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="signed">The revision that a signature covers (<see cref="ByteRangeGate.SignedRevision"/>).</param>
    /// <exception cref="PdfException"><see cref="PdfFault.LimitExceeded"/>.</exception>
    public static RevisionChanges Compare(PdfFile file, PdfRevision signed) => Compare(file, signed, null);

    /// <summary>As <see cref="Compare(PdfFile, PdfRevision)"/>, also under the rules (DocMDP, FieldMDP) that the signature set.</summary>
    /// <param name="file">The file.</param>
    /// <param name="signed">The revision that the signature covers.</param>
    /// <param name="signature">The signature whose rules count.</param>
    public static RevisionChanges Compare(PdfFile file, PdfRevision signed, PdfSignatureDictionary? signature)
    {
        List<RevisionChange> steps = [];
        for (var i = signed.Index; i < file.Revisions.Count; i++)
            steps.AddRange(file.ChangesOf(file.Revisions[i]));
        var certified = steps.Any(c => c.IsComment) ? file.At(signed).SignatureFields.Min(f => f.Signature?.DocMdp) : null;
        var changes = steps.ConvertAll(c => ChangeRules.Apply(c, signature, certified));
        if (signature?.DocMdp == ChangeRules.NoChanges && steps.Any(c => c.Class == ChangeClass.Ltv))
        {
            file.AddFinding(new("archived-after-no-changes", PdfSeverity.Info, null, null, signed.Index,
                "Chữ ký chứng thực không cho phép thay đổi nào; dữ liệu lưu trữ thêm sau đó vẫn hợp lệ theo ISO 32000-2, nhưng Acrobat có thể từ chối.",
                "The certification permits no changes; archive material added after it is lawful (ISO 32000-2), but Acrobat may refuse it."));
        }
        var signedTo = signature is { ByteRange: [_, _, var second, var rest] } ? second + rest : signed.End;
        if (file.Findings.Count > 0)
            changes.AddRange(Tail(file, signed, signedTo));
        var verdict = changes.Count == 0 ? LaterChanges.None : changes.All(c => c.Allowed) ? LaterChanges.Permitted : LaterChanges.Suspicious;
        return new RevisionChanges(verdict, changes);
    }

    /// <summary>Bytes after the last revision that the signature does not cover, and revisions that do not follow one another.</summary>
    private static IEnumerable<RevisionChange> Tail(PdfFile file, PdfRevision signed, long signedTo) =>
        file.Findings.Where(f => (f.Code == "trailing-bytes" && signedTo < file.Bytes.Length) || (f.Code == "xref-order" && f.Revision > signed.Index))
            .Select(f => new RevisionChange(f.Revision ?? file.Newest.Index, ChangeClass.Undefined, $"offset {f.Offset}", Allowed: false, f.Vi, f.En));
}
