using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>Where an object's bytes are: an offset of the file, or an index within the object stream at that offset.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PdfLocation(long Offset, int Index)
{
    public const int NotCompressed = -1;
}

/// <summary>Parsed objects by the place where they stand, so that two revisions that share a place share the object. Bounded; the oldest half goes first.</summary>
internal sealed class ObjectStore(ObjectReader reader, PdfLimits limits, List<PdfFinding> findings)
{
    private const int ObjectsKept = 20_000;
    private const long DecodedKept = 32L << 20;

    private readonly Dictionary<PdfLocation, PdfObject> objects = [];
    private readonly Dictionary<long, ObjectStream?> streams = [];
    private readonly HashSet<PdfLocation> reported = [];
    private long decoded;

    /// <summary>Decrypts what is read, in an encrypted file.</summary>
    public PdfCipher? Cipher { get; set; }

    /// <summary>The object at an offset if its header names <paramref name="name"/>; else null, with a finding.</summary>
    public PdfObject At(long offset, PdfRef name)
    {
        var place = new PdfLocation(offset, PdfLocation.NotCompressed);
        if (objects.TryGetValue(place, out var known))
            return known;
        var found = reader.ReadIndirect(offset);
        if (found is null || found.Ref != name)
        {
            Report(place, name);
            return Keep(place, PdfNull.Instance);
        }
        return Keep(place, Cipher?.Open(found.Value, name) ?? found.Value);
    }

    /// <summary>The object at an index of the object stream <paramref name="container"/>; <paramref name="decode"/> decodes it.</summary>
    public PdfObject In(PdfStream container, int index, int number, Func<PdfStream, byte[]> decode)
    {
        var place = new PdfLocation(container.DataOffset, index);
        if (objects.TryGetValue(place, out var known))
            return known;
        var value = StreamAt(container, decode)?.Get(index, number, limits);
        if (value is null or PdfReference)
            Report(place, new PdfRef(number, 0));
        return Keep(place, value is null or PdfReference ? PdfNull.Instance : value);
    }

    private ObjectStream? StreamAt(PdfStream container, Func<PdfStream, byte[]> decode)
    {
        if (streams.TryGetValue(container.DataOffset, out var known))
            return known;
        if (decoded > DecodedKept)
        {
            streams.Clear();
            decoded = 0;
        }
        var stream = ObjectStream.Read(container.Dictionary, decode(container), limits);
        decoded += stream?.Size ?? 0;
        streams.Add(container.DataOffset, stream);
        return stream;
    }

    private PdfObject Keep(PdfLocation place, PdfObject value)
    {
        if (objects.Count >= ObjectsKept)
        {
            foreach (var old in objects.Keys.Take(ObjectsKept / 2).ToList())
                objects.Remove(old);
        }
        objects[place] = value;
        return value;
    }

    private void Report(PdfLocation place, PdfRef name)
    {
        if (reported.Count < 100 && reported.Add(place))
        {
            findings.Add(new("bad-object", PdfSeverity.Warning, place.Offset, name, null,
                $"Đối tượng {name} không có ở nơi bảng tham chiếu chỉ tới.", $"Object {name} is not where the cross-reference says."));
        }
    }
}
