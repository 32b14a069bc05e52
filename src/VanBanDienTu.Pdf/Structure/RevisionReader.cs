namespace VanBanDienTu.Pdf;

/// <summary>Turns the chain of sections into revisions: finds the end-of-file mark of each, joins the two sections of a linearized file.</summary>
internal sealed class RevisionReader(PdfBytes bytes, long shift, List<PdfFinding> findings)
{
    private const long ScanForEnd = 1 << 20;

    /// <param name="sections">Newest first.</param>
    public List<PdfRevision> Read(List<XrefSection> sections)
    {
        var groups = new List<List<XrefSection>>(sections.Count);
        for (var i = 0; i < sections.Count; i++)
        {
            var group = new List<XrefSection>(1) { sections[i] };
            if (i == sections.Count - 2 && sections[i + 1].Offset > sections[i].Offset && IsLinearized())
                group.Add(sections[++i]); // the first page's section stands before the main one; both are one revision
            groups.Add(group);
        }
        groups.Reverse();
        var revisions = new List<PdfRevision>(groups.Count);
        foreach (var group in groups)
            revisions.Add(Revision(revisions.Count + 1, group));
        for (var i = 1; i < revisions.Count; i++)
        {
            if (revisions[i].End <= revisions[i - 1].End || revisions[i].StartXref < revisions[i - 1].EofEnd)
            {
                findings.Add(new("xref-order", PdfSeverity.Critical, revisions[i].StartXref, null, i + 1,
                    "Các bản sửa đổi không theo thứ tự trong tệp.", "The revisions do not follow one another in the file."));
            }
        }
        return revisions;
    }

    private bool IsLinearized()
    {
        var head = bytes.Window(0, 1024).Span;
        return head.IndexOf("/Linearized"u8) >= 0;
    }

    private PdfRevision Revision(int index, List<XrefSection> group)
    {
        var startXref = group[0].Offset;
        var bodyEnd = group.Count == 1 ? group[0].BodyEnd : group.Max(s => s.BodyEnd);
        if (FindEnd(bodyEnd, startXref) is { } eof)
            return new PdfRevision(index, group, startXref, eof, AfterEndOfLine(eof));
        findings.Add(new("no-eof", PdfSeverity.Warning, bodyEnd, null, index,
            "Bản sửa đổi không kết thúc bằng startxref và %%EOF.", "The revision does not end with startxref and %%EOF."));
        return new PdfRevision(index, group, startXref, bodyEnd, bodyEnd);
    }

    /// <summary>After the %%EOF whose startxref names this section; other startxrefs before it (linearized files have one of 0) are passed over.</summary>
    private long? FindEnd(long from, long startXref)
    {
        var cursor = new ByteCursor(bytes, from);
        for (var limit = from + ScanForEnd; cursor.Position < limit && cursor.Find("startxref"u8, limit - cursor.Position);)
        {
            cursor.Position += "startxref".Length;
            if (!cursor.TryInteger(out var named) || !Names(named, startXref))
                continue;
            cursor.SkipSpace(comments: false);
            var here = bytes.Window(cursor.Position, 5).Span;
            if (here.SequenceEqual("%%EOF"u8))
                return cursor.Position + 5;
        }
        return null;
    }

    /// <summary>startxref may point at white space before the section; readers skip it.</summary>
    private bool Names(long named, long startXref)
    {
        if (named + shift == startXref)
            return true;
        var gap = startXref - named - shift;
        return gap is > 0 and <= 16 && bytes.Window(named + shift, (int)gap).Span.IndexOfAnyExcept((byte)32, (byte)10, (byte)13) < 0;
    }

    private long AfterEndOfLine(long eof) => bytes.Window(eof, 2).Span switch
    {
        [13, 10] => eof + 2,
        [13, ..] or [10, ..] => eof + 1,
        _ => eof,
    };
}
