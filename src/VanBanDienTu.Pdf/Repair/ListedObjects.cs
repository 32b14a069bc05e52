namespace VanBanDienTu.Pdf;

/// <summary>Asks, for object after object in the order of the file, whether the cross-reference of the revision that they stand in lists them just there.</summary>
internal sealed class ListedObjects(PdfFile file)
{
    private const int MostSpace = 16; // an offset may point at white space before the header

    private readonly PdfRevision[] revisions = [.. file.Revisions];
    private int revision;
    private FixedXrefRun? left; // its entries, if they are in the file still
    private XrefSection? only; // of the revision: nearly all have one section, and no hidden one
    private long end = -1;

    /// <summary>From 1: the revision that the object asked about last belongs to.</summary>
    public int Revision => revision + 1;

    /// <summary>The answer for nearly all objects of a long table, of generation 0. False says only that <see cref="Has"/> must be asked.</summary>
    public bool HasPlainly(int number, long offset)
    {
        if (offset >= end)
            Enter(offset);
        return left is not null && left.IsPlainlyAt(number, offset);
    }

    /// <param name="name">What the header says.</param>
    /// <param name="offset">Where it begins; not before the one asked about last.</param>
    public bool Has(PdfRef name, long offset)
    {
        if (offset >= end)
            Enter(offset);
        return only is not null && only.Entries.TryGet(name.Number, out var entry) && Is(entry, name, offset) || Lists(revisions[revision], name, offset);
    }

    private void Enter(long offset)
    {
        while (revision + 1 < revisions.Length && offset >= revisions[revision].EofEnd)
            revision++;
        only = revisions[revision].Sections is [{ Hidden: null } one] ? one : null;
        left = only?.Entries.Left;
        end = revision + 1 < revisions.Length ? revisions[revision].EofEnd : long.MaxValue;
    }

    /// <summary>The first revision after that of the object which lists it where it stands; <see cref="int.MaxValue"/> when none does.</summary>
    public int ListedLater(PdfRef name, long offset)
    {
        for (var i = revision + 1; i < revisions.Length; i++)
        {
            if (Lists(revisions[i], name, offset))
                return i + 1;
        }
        return int.MaxValue;
    }

    private bool Lists(PdfRevision revision, PdfRef name, long offset)
    {
        for (var i = 0; i < revision.Sections.Count; i++)
        {
            var section = revision.Sections[i];
            if (section.Offset == offset || section.HiddenOffset == offset
                || section.Entries.TryGet(name.Number, out var entry) && Is(entry, name, offset)
                || section.Hidden is { } hidden && hidden.TryGet(name.Number, out entry) && Is(entry, name, offset))
                return true;
        }
        return false;
    }

    private bool Is(XrefEntry entry, PdfRef name, long offset) => entry.Kind == XrefEntryKind.Offset && entry.Detail == name.Generation
        && (entry.Place == offset || offset - entry.Place is > 0 and <= MostSpace && IsSpace(entry.Place, offset));

    private bool IsSpace(long from, long to)
    {
        foreach (var c in file.Bytes.Window(from, (int)(to - from)).Span)
        {
            if (!PdfChars.IsSpace(c))
                return false;
        }
        return true;
    }
}
