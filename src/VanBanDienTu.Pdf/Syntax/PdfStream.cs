namespace VanBanDienTu.Pdf;

/// <summary>A stream: its dictionary, and either where its data begins in the file or new data to be written.</summary>
public sealed class PdfStream : PdfObject
{
    internal PdfStream(PdfDictionary dictionary, long dataOffset)
    {
        Dictionary = dictionary;
        DataOffset = dataOffset;
    }

    /// <summary>A new stream; <paramref name="data"/> is written as it is, so it must already be encoded as the dictionary's /Filter says.</summary>
    public PdfStream(PdfDictionary dictionary, ReadOnlyMemory<byte> data)
    {
        Dictionary = dictionary.With("Length", new PdfInteger(data.Length));
        Data = data;
        DataOffset = -1;
    }

    /// <summary>The dictionary, references unresolved (<c>/Length</c> may be one).</summary>
    public PdfDictionary Dictionary { get; }

    /// <summary>First byte of the encoded data in the file; -1 for a new stream.</summary>
    public long DataOffset { get; }

    /// <summary>The object that it is, whose key its data is encrypted under; null for a new stream.</summary>
    internal PdfRef? Name { get; init; }

    /// <summary>Data of a new stream.</summary>
    internal ReadOnlyMemory<byte> Data { get; }
}
