namespace VanBanDienTu.Pdf;

/// <summary>A decoded object stream (ISO 32000-2, 7.5.7).</summary>
internal sealed class ObjectStream
{
    private readonly byte[] data;
    private readonly int[] numbers;
    private readonly int[] offsets;

    private ObjectStream(byte[] data, int[] numbers, int[] offsets) => (this.data, this.numbers, this.offsets) = (data, numbers, offsets);

    public int Size => data.Length + numbers.Length * 8;

    public IReadOnlyList<int> Numbers => numbers;

    /// <summary>Reads the header; null when it does not parse.</summary>
    public static ObjectStream? Read(PdfDictionary dictionary, byte[] data, PdfLimits limits)
    {
        if (dictionary["N"] is not PdfInteger { Value: >= 0 and var count } || dictionary["First"] is not PdfInteger { Value: >= 0 and var first })
            return null;
        if (count > data.Length / 2 + 1 || first > data.Length)
            return null;
        var (numbers, offsets) = (new int[count], new int[count]);
        var parser = new PdfParser(data, -1, complete: true, limits.MaxDepth);
        for (var i = 0; i < count; i++)
        {
            if (!parser.TryInteger(out var number) || !parser.TryInteger(out var offset) || number > int.MaxValue || offset > data.Length - first)
                return null;
            (numbers[i], offsets[i]) = ((int)number, (int)(offset + first));
        }
        return new ObjectStream(data, numbers, offsets);
    }

    /// <summary>The object at the index, or null when it is another object or does not parse.</summary>
    public PdfObject? Get(int index, int number, PdfLimits limits)
    {
        if (index < 0 || index >= numbers.Length || numbers[index] != number)
            return null;
        var parser = new PdfParser(data, -1, complete: true, limits.MaxDepth) { Position = offsets[index] };
        return parser.Read();
    }
}
