namespace VanBanDienTu.Pdf;

/// <summary>
/// Reads a file a second time, as a reader does that has no cross-reference: every <c>N G obj</c>, every trailer and every object stream in the order of
/// the file, wherever they stand. It rides on a pass that is made anyway. In an honest file nearly everything it meets is where the
/// cross-reference says, and only the rest is kept to be compared (<see cref="Finish"/>).
/// </summary>
public sealed class RepairScan
{
    private const int Carried = 16;
    private const int Context = 64;
    private const int LongContext = 4 << 10;
    private const int MostStrays = 100_000;

    private readonly PdfFile file;
    private readonly ListedObjects listed;
    private readonly List<Stray> strays = [];
    private readonly List<PdfSpan> trailers = []; // where its dictionary begins; the header of the object before it
    private readonly List<(long Offset, int Revision)> containers = [];
    private readonly byte[] carry = new byte[2 * Carried];
    private int carried;
    private long next;
    private long end;
    private long holder; // the last header that is listed
    private long header; // the last one of all

    /// <summary>A scan of that file, before its first byte.</summary>
    public RepairScan(PdfFile file)
    {
        this.file = file;
        listed = new ListedObjects(file);
        Idle = file.Repaired;
    }

    /// <summary>There is nothing to compare: the file had to be read this way in the first place.</summary>
    public bool Idle { get; private set; }

    /// <summary>Takes the next bytes of the file.</summary>
    /// <param name="at">Their offset: where the ones before them ended.</param>
    /// <param name="part">The bytes.</param>
    public void Append(long at, ReadOnlySpan<byte> part)
    {
        if (Idle)
            return;
        // Words near the seam are looked for in both parts joined, all others where they stand.
        var head = part[..Math.Min(part.Length, Carried)];
        head.CopyTo(carry.AsSpan(carried));
        end = at + part.Length;
        var inside = at + Landmarks.Longest;
        Look(at - carried, carry.AsSpan(0, carried + head.Length), Math.Min(inside, end - Landmarks.Longest));
        Look(at, part, end - Landmarks.Longest);
        var seen = carried + head.Length;
        if (part.Length >= Carried)
            part[^Carried..].CopyTo(carry);
        else
            carry.AsSpan(Math.Max(0, seen - Carried), Math.Min(seen, Carried)).CopyTo(carry);
        carried = Math.Min(seen, Carried);
        if (part.Length >= Carried)
            carried = Carried;
    }

    /// <summary>Compares both readings of the document as each of these revisions saw it. After the last byte.</summary>
    /// <param name="revisions">From 1.</param>
    /// <param name="cancellation">Ends the work.</param>
    public IReadOnlyList<ReadingDifference> Finish(IEnumerable<int> revisions, CancellationToken cancellation)
    {
        if (Idle)
            return [];
        Look(end - carried, carry.AsSpan(0, carried), end);
        Idle = true;
        var comparison = new ReadingComparison(file, cancellation);
        foreach (var (offset, revision) in containers)
            strays.AddRange(comparison.HeldBy(offset, revision));
        strays.AddRange(comparison.RolledBack());
        return strays.Count == 0 && trailers.Count == 0 ? [] : [.. revisions.Distinct().Order().SelectMany(r => comparison.Of(r, strays, trailers, strays.Count >= MostStrays))];
    }

    /// <summary>Looks for words that begin before <paramref name="until"/> and were not met yet.</summary>
    private void Look(long at, ReadOnlySpan<byte> part, long until)
    {
        if (next < until && next - at < part.Length)
        {
            for (var i = (int)Math.Max(next - at, 1); ; i++)
            {
                i = Landmarks.Next(part, i, out var kind);
                if (kind == LandmarkKind.None || at + i >= until)
                    break;
                Meet(kind, at, part, i);
            }
            next = until;
        }
    }

    private void Meet(LandmarkKind kind, long at, ReadOnlySpan<byte> part, int word)
    {
        var place = at + word;
        if (kind == LandmarkKind.ObjectStream)
        {
            if ((containers.Count == 0 || containers[^1].Offset != header) && containers.Count < MostStrays)
                containers.Add((header, listed.Revision));
        }
        else if (kind == LandmarkKind.Trailer)
        {
            if (!file.Revisions.Any(r => r.Sections.Any(s => place >= s.Offset && place < s.BodyEnd)) && trailers.Count < MostStrays)
                trailers.Add(new PdfSpan(place + "trailer".Length, holder));
        }
        else if ((word >= Context && Header(part.Slice(word - Context, Context), cut: true, out var name, out var length)) || Header(place, out name, out length))
            MeetHeader(name, place - length);
    }

    private void MeetHeader(PdfRef name, long offset)
    {
        header = offset;
        if (listed.Has(name, offset))
            holder = offset;
        else if (strays.Count < MostStrays)
            strays.Add(new Stray(name, new XrefEntry(XrefEntryKind.Offset, offset, name.Generation), offset, listed.Revision, listed.ListedLater(name, offset), holder));
    }

    /// <summary>With as much before the word as is needed: nobody forbids a thousand blanks.</summary>
    private bool Header(long place, out PdfRef name, out int length)
    {
        var from = Math.Max(0, place - Context);
        if (Header(file.Bytes.Window(from, (int)(place - from)).Span, cut: from > 0, out name, out length))
            return true;
        from = Math.Max(0, place - LongContext);
        return Header(file.Bytes.Window(from, (int)(place - from)).Span, cut: false, out name, out length);
    }

    /// <summary>The name that ends where the span ends, and how long it is with the white space after it.</summary>
    private static bool Header(ReadOnlySpan<byte> before, bool cut, out PdfRef name, out int length)
    {
        (name, length) = (default, 0);
        var i = before.Length;
        if (!Space(before, ref i) || !Digits(before, ref i, out var generation) || !Space(before, ref i) || !Digits(before, ref i, out var number) || (cut && i == 0))
            return false;
        (name, length) = (new PdfRef((int)Math.Min(number, int.MaxValue), (int)Math.Min(generation, int.MaxValue)), before.Length - i);
        return true;
    }

    private static bool Space(ReadOnlySpan<byte> span, ref int i)
    {
        var from = i;
        while (i > 0 && PdfChars.IsSpace(span[i - 1]))
            i--;
        return i < from;
    }

    private static bool Digits(ReadOnlySpan<byte> span, ref int i, out long value)
    {
        var from = i;
        value = 0;
        for (long weight = 1; i > 0 && PdfChars.IsDigit(span[i - 1]); i--, weight = Math.Min(weight * 10, int.MaxValue))
            value = Math.Min(value + weight * (span[i - 1] - '0'), int.MaxValue);
        return i < from;
    }
}
