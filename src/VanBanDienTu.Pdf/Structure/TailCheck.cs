namespace VanBanDienTu.Pdf;

/// <summary>Looks at what follows the last revision: white space is nothing, anything else may be picked up by another reader.</summary>
internal static class TailCheck
{
    public static IEnumerable<PdfFinding> Look(PdfFile file)
    {
        if (file.Repaired)
            yield break;
        var cursor = new ByteCursor(file.Bytes, file.Newest.End);
        cursor.SkipSpace(comments: false);
        if (cursor.Peek() < 0)
            yield break;
        var from = cursor.Position;
        yield return new("trailing-bytes", PdfSeverity.Critical, from, null, file.Newest.Index,
            $"Sau bản sửa đổi cuối cùng còn {file.Bytes.Length - from} byte mà một phần mềm khác có thể đọc.",
            $"{file.Bytes.Length - from} bytes follow the last revision; another reader may pick them up.");
    }
}
