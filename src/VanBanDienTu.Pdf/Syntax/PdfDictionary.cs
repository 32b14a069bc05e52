using System.Collections;

namespace VanBanDienTu.Pdf;

/// <summary>A dictionary; entries keep the order of the file.</summary>
public sealed class PdfDictionary : PdfObject, IReadOnlyCollection<KeyValuePair<string, PdfObject>>
{
    private const int SearchedByLine = 24; // beyond this a hash index pays

    private readonly List<KeyValuePair<string, PdfObject>> entries;
    private Dictionary<string, int>? index;

    /// <summary>A dictionary of these entries; of a key given twice the last counts, as most readers do.</summary>
    public PdfDictionary(IEnumerable<KeyValuePair<string, PdfObject>> entries)
        : this(entries.ToList())
    {
    }

    /// <summary>A new dictionary.</summary>
    public PdfDictionary(params ReadOnlySpan<(string Key, PdfObject Value)> entries)
    {
        this.entries = new(entries.Length);
        foreach (var (key, value) in entries)
            this.entries.Add(new(key, value));
        RemoveDuplicates();
    }

    /// <summary>A dictionary that takes over the list.</summary>
    internal PdfDictionary(List<KeyValuePair<string, PdfObject>> entries)
    {
        this.entries = entries;
        RemoveDuplicates();
    }

    /// <summary>The empty dictionary.</summary>
    public static PdfDictionary Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <summary>Keys that the file gave more than once: two readers may see two different values.</summary>
    public IReadOnlyList<string> DuplicateKeys { get; internal set; } = [];

    /// <summary>The value, unresolved; null object when absent.</summary>
    public PdfObject this[string key] => Find(key) is var at and >= 0 ? entries[at].Value : Null;

    /// <summary>Whether the key is present.</summary>
    public bool Has(string key) => Find(key) >= 0;

    /// <summary>A copy with this entry set.</summary>
    public PdfDictionary With(string key, PdfObject value)
    {
        var at = Find(key);
        var copy = new List<KeyValuePair<string, PdfObject>>(entries);
        if (at >= 0)
            copy[at] = new(key, value);
        else
            copy.Add(new(key, value));
        return new(copy);
    }

    /// <summary>A copy without these entries.</summary>
    public PdfDictionary Without(params ReadOnlySpan<string> keys)
    {
        var gone = keys.ToArray();
        return new(entries.Where(e => !gone.Contains(e.Key, StringComparer.Ordinal)));
    }

    /// <summary>The entries in the order of the file; walking them costs no object.</summary>
    public List<KeyValuePair<string, PdfObject>>.Enumerator GetEnumerator() => entries.GetEnumerator();

    IEnumerator<KeyValuePair<string, PdfObject>> IEnumerable<KeyValuePair<string, PdfObject>>.GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();

    private int Find(string key)
    {
        if (index is not null)
            return index.GetValueOrDefault(key, -1);
        for (var i = 0; i < entries.Count; i++)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.Ordinal))
                return i;
        }
        return -1;
    }

    private void RemoveDuplicates()
    {
        if (entries.Count > SearchedByLine || HasPair())
        {
            Reindex();
        }
    }

    private bool HasPair()
    {
        // Keys that differ in length or in an end letter, which most do, need not be compared.
        var seen = 0UL;
        for (var i = 0; i < entries.Count; i++)
        {
            var key = entries[i].Key;
            var mark = key.Length == 0 ? 1UL : 1UL << ((key.Length + 7 * key[0] + 31 * key[^1]) & 63);
            if ((seen & mark) != 0 && Find(key) < i)
                return true;
            seen |= mark;
        }
        return false;
    }

    private void Reindex()
    {
        var last = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        var kept = new List<KeyValuePair<string, PdfObject>>(entries.Count);
        var twice = new List<string>();
        foreach (var entry in entries)
        {
            if (last.TryGetValue(entry.Key, out var at))
            {
                kept[at] = entry;
                twice.Add(entry.Key);
                continue;
            }
            last.Add(entry.Key, kept.Count);
            kept.Add(entry);
        }
        entries.Clear();
        entries.AddRange(kept);
        DuplicateKeys = twice;
        index = entries.Count > SearchedByLine ? last : null;
    }
}
