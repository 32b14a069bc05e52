namespace VanBanDienTu.Pdf;

/// <summary>
/// What looks like an object or a trailer to a reader that rebuilds the cross-reference must be one to a reader that follows it: nothing of the kind may
/// stand inside a string, a stream or a comment of a later revision.
/// </summary>
internal static class HiddenObjectRule
{
    /// <param name="work">The comparison.</param>
    /// <param name="pieces">The objects and sections that the revision lists; exact copies of them, as PDFBox may leave, are added.</param>
    public static void Check(Difference work, List<PdfSpan> pieces)
    {
        var (file, revision) = (work.After.File, work.After.Revision);
        var headers = pieces.Select(p => Begin(file.Bytes, p.Start)).ToHashSet();
        foreach (var (offset, isTrailer) in XrefRebuilder.Landmarks(file.Bytes, work.Before.Revision.EofEnd, revision.EofEnd))
        {
            file.Budget.Step();
            if (!isTrailer && !headers.Contains(offset) && file.Reader.ReadIndirect(offset) is { } item && RevisionLayout.Copy(work, item.Ref, offset) is { } copy)
                pieces.Add(copy);
            else if (isTrailer ? !revision.Sections.Any(s => offset > s.Offset && offset < s.BodyEnd) && IsTrailer(file, offset) : !headers.Contains(offset))
            {
                work.RefuseAt($"offset {offset}", "Có đối tượng ẩn mà phần mềm dựng lại bảng tham chiếu sẽ đọc.",
                    "Something hidden looks like an object to a reader that rebuilds the cross-reference.");
                return;
            }
        }
    }

    private static long Begin(PdfBytes bytes, long start)
    {
        var cursor = new ByteCursor(bytes, start);
        cursor.SkipSpace(comments: true);
        return cursor.Position;
    }

    private static bool IsTrailer(PdfFile file, long offset) => file.Reader.ReadValue(offset) is { Value: PdfDictionary trailer } && trailer.Has("Root");
}
