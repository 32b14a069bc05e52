namespace VanBanDienTu.Pdf;

/// <summary>
/// Reads a file a second time, as a reader does that has no cross-reference: every <c>N G obj</c>, every trailer, every object stream and cross-reference stream in the order of
/// the file, wherever they stand. It rides on a pass that is made anyway. In an honest file nearly everything it meets is where the
/// cross-reference says, and only the rest is kept to be compared (<see cref="Finish"/>).
/// </summary>
public sealed class RepairScan
{
    private const int Carried = 40; // twice the longest word and what stands before it
    private const int Context = 64;
    private const int LongContext = 4 << 10;
    private const int MostStrays = 100_000;

    private readonly PdfFile file;
    private readonly ListedObjects listed;
    private readonly List<Stray> strays = [];
    private readonly List<PdfSpan> trailers = []; // where its dictionary begins; the header of the object before it
    private readonly List<TypeNamed> typed = [];
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
        var streams = new TypedStreams(file, strays);
        var comparison = new ReadingComparison(file, streams, cancellation);
        var (held, others) = streams.Read(typed);
        strays.AddRange(held);
        strays.AddRange(comparison.RolledBack());
        foreach (var (offset, holder) in trailers)
        {
            if (file.Reader.ReadValue(offset) is { Value: PdfDictionary dictionary })
                others.Add(new HiddenTrailer(dictionary, offset, holder));
        }
        var tooMany = strays.Count >= MostStrays || typed.Count >= MostStrays || trailers.Count >= MostStrays;
        return strays.Count == 0 && others.Count == 0 && !tooMany ? [] : [.. revisions.Distinct().Order().SelectMany(r => comparison.Of(r, strays, others, tooMany))];
    }

    /// <summary>Looks for words that begin before <paramref name="until"/> and were not met yet.</summary>
    private void Look(long at, ReadOnlySpan<byte> part, long until)
    {
        if (next >= until || next - at >= part.Length)
            return;
        var (from, to) = ((int)Math.Max(next - at, 1), (int)Math.Min(until - at, part.Length));
        var landmarks = new Landmarks(part, from, to);
        while (landmarks.TryNext(out var hit))
        {
            var word = unchecked(hit - 1);
            if (word >= from && word < to && HeaderBefore.TryReadUsual(part, word, out var number, out var length))
                MeetUsual(number, unchecked(at + word - length));
            else if (landmarks.Kind(hit, out word) is not LandmarkKind.None and var kind)
                Meet(kind, at, part, word);
        }
        next = until;
    }

    private void Meet(LandmarkKind kind, long at, ReadOnlySpan<byte> part, int word)
    {
        var place = at + word;
        if (kind == LandmarkKind.Object)
        {
            if ((word >= Context && HeaderBefore.TryRead(part.Slice(word - Context, Context), cut: true, out var name, out var length)) || Header(place, out name, out length))
                MeetHeader(name, place - length);
        }
        else if (kind == LandmarkKind.Trailer)
            MeetTrailer(place);
        else
        {
            MeetType(header);
            MeetType(holder); // the last header may be no more than text in a string of it
        }
    }

    private void MeetTrailer(long place)
    {
        if (!file.Revisions.Any(r => r.Sections.Any(s => place >= s.Offset && place < s.BodyEnd)) && trailers.Count < MostStrays)
            trailers.Add(new PdfSpan(place + "trailer".Length, holder));
    }

    private void MeetType(long offset)
    {
        if (typed.Count < MostStrays && (typed.Count == 0 || typed[^1].Offset != offset) && (typed.Count < 2 || typed[^2].Offset != offset))
            typed.Add(new TypeNamed(offset, listed.Revision, holder));
    }

    private void MeetUsual(int number, long offset)
    {
        if (listed.HasPlainly(number, offset))
            holder = header = offset;
        else
            MeetHeader(new PdfRef(number, 0), offset);
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
        if (HeaderBefore.TryRead(file.Bytes.Window(from, (int)(place - from)).Span, cut: from > 0, out name, out length))
            return true;
        from = Math.Max(0, place - LongContext);
        return HeaderBefore.TryRead(file.Bytes.Window(from, (int)(place - from)).Span, cut: false, out name, out length);
    }
}
