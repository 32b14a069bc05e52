using System.Collections;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call, in order; a key may occur several times. Keys ending in <c>-bin</c> carry bytes.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys with this suffix carry bytes, sent as base64.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries, and none can be added.</summary>
    public static readonly Metadata Empty = new Metadata().Freeze();

    private readonly List<Entry> entries = [];
    private bool frozen;

    public int Count => entries.Count;

    public bool IsReadOnly => frozen;

    public Entry this[int index]
    {
        get => entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Writable().entries[index] = value;
        }
    }

    /// <summary>The last entry with this key, or null.</summary>
    public Entry? Get(string key)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.OrdinalIgnoreCase))
                return entries[i];
        }

        return null;
    }

    /// <summary>The text of the last entry with this key, or null.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with this key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Every entry with this key, oldest first.</summary>
    public IEnumerable<Entry> GetAll(string key) =>
        entries.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Writable().entries.Add(item);
    }

    public void Add(string key, string value) => Add(new Entry(key, value));

    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Writable().entries.Insert(index, item);
    }

    public bool Remove(Entry item) => Writable().entries.Remove(item);

    public void RemoveAt(int index) => Writable().entries.RemoveAt(index);

    public void Clear() => Writable().entries.Clear();

    public int IndexOf(Entry item) => entries.IndexOf(item);

    public bool Contains(Entry item) => entries.Contains(item);

    public void CopyTo(Entry[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Metadata Freeze()
    {
        frozen = true;
        return this;
    }

    private Metadata Writable() => frozen
        ? throw new InvalidOperationException("This metadata can no longer be changed: it was already sent or is shared.")
        : this;
}
