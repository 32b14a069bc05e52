using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>What a cross-reference entry says.</summary>
public enum XrefEntryKind : byte
{
    /// <summary>The object does not exist.</summary>
    Free,

    /// <summary>The object stands at an offset of the file.</summary>
    Offset,

    /// <summary>The object is in an object stream.</summary>
    Compressed,
}

/// <summary>One cross-reference entry.</summary>
/// <param name="Kind">Free, at an offset, or in an object stream.</param>
/// <param name="Place">The offset in bytes, or the number of the object stream.</param>
/// <param name="Detail">The generation, or the index in the object stream.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct XrefEntry(XrefEntryKind Kind, long Place, int Detail)
{
    /// <summary>The generation of the object.</summary>
    public int Generation => Kind == XrefEntryKind.Compressed ? 0 : Detail;
}

/// <summary>The entries of one section, sorted by object number; 20 bytes each. A long, well-formed table is not read: its entries are looked up in the file.</summary>
internal sealed class XrefTable
{
    private readonly List<int> numbers = [];
    private readonly List<XrefEntry> entries = [];
    private readonly List<KeyValuePair<int, XrefEntry>> conflicts = [];
    private FixedXrefRun? run;
    private bool sorted = true;
    private int next; // most are asked for in their order

    public int Highest => Math.Max(numbers.Count == 0 ? 0 : numbers[^1], run?.Last ?? 0);

    /// <summary>Object numbers that the section defines twice, differently, with the entry that does not count.</summary>
    public IReadOnlyList<KeyValuePair<int, XrefEntry>> Conflicts => conflicts;

    public IEnumerable<KeyValuePair<int, XrefEntry>> All
    {
        get
        {
            for (var number = run?.First ?? 0; run is not null && number <= run.Last; number++)
                yield return new(number, run.Read(number));
            for (var i = 0; i < numbers.Count; i++)
                yield return new(numbers[i], entries[i]);
        }
    }

    /// <summary>Entries that were left in the file; null when all were read.</summary>
    public FixedXrefRun? Left => run;

    /// <summary>The only subsection of a table, left in the file.</summary>
    public void Leave(FixedXrefRun only) => run = only;

    /// <summary>Room for that many more; a file's own word about it is only a hint.</summary>
    public void Expect(long count)
    {
        var room = numbers.Count + (int)Math.Min(count, 4_096);
        numbers.EnsureCapacity(room);
        entries.EnsureCapacity(room);
    }

    public void Add(int number, XrefEntry entry)
    {
        sorted &= numbers.Count == 0 || numbers[^1] < number;
        numbers.Add(number);
        entries.Add(entry);
    }

    /// <summary>Sorts; of two entries for one object the later counts.</summary>
    public void Seal()
    {
        if (sorted)
            return;
        var order = Enumerable.Range(0, numbers.Count).OrderBy(i => numbers[i]).ToArray(); // stable
        var (oldNumbers, oldEntries) = (numbers.ToArray(), entries.ToArray());
        numbers.Clear();
        entries.Clear();
        foreach (var i in order)
        {
            if (numbers.Count > 0 && numbers[^1] == oldNumbers[i])
            {
                if (entries[^1] != oldEntries[i])
                    conflicts.Add(new(oldNumbers[i], entries[^1]));
                entries[^1] = oldEntries[i];
                continue;
            }
            numbers.Add(oldNumbers[i]);
            entries.Add(oldEntries[i]);
        }
        sorted = true;
    }

    public bool TryGet(int number, out XrefEntry entry)
    {
        if (run is not null && number >= run.First && number <= run.Last)
        {
            entry = run.Read(number);
            return true;
        }
        var at = numbers.Count == 0 ? -1 : unchecked(number - numbers[0]); // no number is missing in most
        if (at < 0 || at >= numbers.Count || numbers[at] != number)
            at = next < numbers.Count && numbers[next] == number ? next : numbers.BinarySearch(number);
        next = Math.Max(at, -1) + 1;
        entry = at >= 0 ? entries[at] : default;
        return at >= 0;
    }
}
