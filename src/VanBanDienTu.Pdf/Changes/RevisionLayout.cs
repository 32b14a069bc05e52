namespace VanBanDienTu.Pdf;

/// <summary>
/// The bytes that a revision appended must be exactly the objects and sections that its cross-reference lists, with white space between them.
/// Anything else is read by nobody who follows the cross-reference, and by everybody who rebuilds it.
/// </summary>
internal static class RevisionLayout
{
    private const int MaxComment = 4 << 10;

    public static void Check(Difference work)
    {
        var (file, revision) = (work.After.File, work.After.Revision);
        if (file.Repaired)
            return;
        DoubleKeyRule.Check(work);
        var pieces = Pieces(work, revision);
        Conflicts(work, revision);
        HiddenObjectRule.Check(work, pieces);
        pieces.Sort((x, y) => x.Start.CompareTo(y.Start));
        var at = work.Before.Revision.EofEnd;
        foreach (var piece in pieces)
        {
            if (piece.Start < at && piece.Start >= work.Before.Revision.EofEnd)
                Strange(work, piece.Start, "hai đối tượng chồng lên nhau", "two objects overlap");
            else if (piece.Start >= at && FirstStrange(file.Bytes, at, piece.Start) is { } odd)
                Strange(work, odd, "có byte không thuộc đối tượng nào", "bytes that belong to no object");
            at = Math.Max(at, piece.End);
        }
        if (FirstStrange(file.Bytes, at, revision.EofEnd) is { } tail)
            Strange(work, tail, "có byte không thuộc đối tượng nào", "bytes that belong to no object");
    }

    /// <summary>One section that gives one object two places is read differently by different readers, unless both say the same, as PDFBox may write it.</summary>
    private static void Conflicts(Difference work, PdfRevision revision)
    {
        foreach (var section in revision.Sections)
        {
            foreach (var (number, other) in section.Entries.Conflicts.Concat(section.Hidden?.Conflicts ?? []))
            {
                if (other.Kind != XrefEntryKind.Offset || Copy(work, new PdfRef(number, other.Generation), other.Place) is null)
                    work.Refuse(ChangeClass.Undefined, new PdfRef(number, 0), "Bảng tham chiếu ghi đối tượng này hai lần khác nhau.", "The cross-reference lists this object twice, differently.");
            }
            if (section.Hidden is null)
                continue;
            foreach (var (name, hidden) in section.Hidden.All)
            {
                if (hidden.Kind != XrefEntryKind.Free && section.Entries.TryGet(name, out var listed) && listed.Kind != XrefEntryKind.Free && listed != hidden)
                    work.Refuse(ChangeClass.Undefined, new PdfRef(name, 0), "Bảng và luồng tham chiếu chỉ hai nơi khác nhau.", "Table and stream of the hybrid cross-reference give two places.");
            }
        }
    }

    /// <summary>The object at another place of this revision than the listed one, when it is the same, byte for byte.</summary>
    internal static PdfSpan? Copy(Difference work, PdfRef name, long place)
    {
        var file = work.After.File;
        if (place < work.Before.Revision.EofEnd || work.After.Find(name.Number) is not { Kind: XrefEntryKind.Offset } entry
            || file.Reader.ReadIndirect(place) is not { } a || file.Reader.ReadIndirect(entry.Place) is not { } b || a.Ref != name || b.Ref != name)
            return null;
        var (x, y) = (new PdfSpan(a.Start, EndOf(work.After, a)), new PdfSpan(b.Start, EndOf(work.After, b)));
        return x.Length == y.Length && x.Length <= file.Limits.MaxObjectBytes && file.Bytes.Window(x.Start, (int)x.Length).Span.SequenceEqual(file.Bytes.Window(y.Start, (int)y.Length).Span) ? x : null;
    }

    private static List<PdfSpan> Pieces(Difference work, PdfRevision revision)
    {
        var (file, floor) = (work.After.File, work.Before.Revision.EofEnd);
        var pieces = new List<PdfSpan>();
        foreach (var (number, entry) in revision.Entries)
        {
            if (entry.Kind != XrefEntryKind.Offset || entry.Place < floor)
                continue;
            var name = new PdfRef(number, entry.Generation);
            if (file.Reader.ReadIndirect(entry.Place) is { } item && item.Ref == name)
                pieces.Add(new PdfSpan(item.Start, EndOf(work.After, item)));
            else
                work.Refuse(ChangeClass.Undefined, name, "Bảng tham chiếu chỉ tới nơi không có đối tượng này.", "The cross-reference points where this object is not.");
        }
        foreach (var section in revision.Sections)
        {
            foreach (var start in new[] { section.Offset, section.HiddenOffset ?? section.Offset }.Distinct())
            {
                if (start >= floor && pieces.TrueForAll(p => p.Start != start))
                    pieces.Add(new PdfSpan(start, SectionEnd(work.After, section, start)));
            }
        }
        return pieces;
    }

    private static long SectionEnd(PdfView view, XrefSection section, long start) =>
        section.Offset == start && section.Kind != XrefKind.Stream ? section.BodyEnd
            : view.File.Reader.ReadIndirect(start) is { } item ? EndOf(view, item) : start;

    private static long EndOf(PdfView view, IndirectObject item)
    {
        var cursor = new ByteCursor(view.File.Bytes, item.End);
        if (item.Value is PdfStream stream)
        {
            cursor.Position = view.DataSpan(stream).End;
            cursor.TryKeyword("endstream"u8);
        }
        cursor.TryKeyword("endobj"u8);
        return cursor.Position;
    }

    /// <summary>The first byte between two offsets that is neither white space, nor a short comment without <c>obj</c>, nor <c>startxref</c> and its number.</summary>
    private static long? FirstStrange(PdfBytes bytes, long from, long to)
    {
        var cursor = new ByteCursor(bytes, from);
        while (cursor.Position < to)
        {
            cursor.SkipSpace(comments: false);
            if (cursor.Position >= to)
                return null;
            var here = cursor.Position;
            if (cursor.Peek() == '%')
            {
                cursor.SkipSpace(comments: true);
                var text = bytes.Window(here, (int)Math.Min(MaxComment, Math.Min(cursor.Position, to) - here)).Span; // an update may begin right after %%EOF
                if (cursor.Position - here > MaxComment || text.IndexOf(" obj"u8) >= 0)
                    return here;
            }
            else if (!cursor.TryKeyword("startxref"u8) || !cursor.TryInteger(out _))
                return here;
        }
        return null;
    }

    private static void Strange(Difference work, long offset, string vi, string en) =>
        work.RefuseAt($"offset {offset}", $"Trong bản sửa đổi {vi}.", $"The revision has {en}.");
}
