namespace VanBanDienTu.Pdf;

/// <summary>One revision of a file: what one save appended, with its own cross-reference section.</summary>
public sealed class PdfRevision
{
    internal PdfRevision(int index, IReadOnlyList<XrefSection> sections, long startXref, long eofEnd, long end)
    {
        (Index, Sections, StartXref, EofEnd, End) = (index, sections, startXref, eofEnd, end);
    }

    /// <summary>From 1, the oldest.</summary>
    public int Index { get; }

    /// <summary>Offset of its newest cross-reference section.</summary>
    public long StartXref { get; }

    /// <summary>After the characters <c>%%EOF</c>.</summary>
    public long EofEnd { get; }

    /// <summary>After <c>%%EOF</c> and the end of line that may follow it.</summary>
    public long End { get; }

    /// <summary>The form of its newest section.</summary>
    public XrefKind Kind => Sections[0].Kind;

    /// <summary>The trailer that counts in this revision.</summary>
    public PdfDictionary Trailer => Sections[0].Trailer;

    /// <summary>The entries of this revision's own sections: what it added, changed or freed.</summary>
    public IEnumerable<KeyValuePair<int, XrefEntry>> Entries => Sections is [{ Hidden: null } only] ? only.Entries.All
        : Sections.SelectMany(s => s.Hidden is null ? s.Entries.All : s.Entries.All.Concat(s.Hidden.All)).Select(e => e.Key).Distinct().Order()
            .Select(number => new KeyValuePair<int, XrefEntry>(number, EntryOf(number)));

    /// <summary>Newest first; two only in a linearized file's first revision.</summary>
    internal IReadOnlyList<XrefSection> Sections { get; }

    internal bool TryGet(int number, out XrefEntry entry)
    {
        for (var i = 0; i < Sections.Count; i++)
        {
            if (Sections[i].TryGet(number, out entry))
                return true;
        }
        entry = default;
        return false;
    }

    private XrefEntry EntryOf(int number) => TryGet(number, out var entry) ? entry : default;
}
