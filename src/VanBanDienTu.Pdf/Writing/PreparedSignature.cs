namespace VanBanDienTu.Pdf;

/// <summary>An update that holds a signature dictionary whose value is still zeros. The byte range is final, so it can be hashed while it is written.</summary>
public sealed class PreparedSignature
{
    private readonly PdfFile file;
    private readonly Memory<byte> update;

    internal PreparedSignature(PdfFile file, Memory<byte> update, long[] byteRange, PdfSpan contents, string fieldName, PdfRef field, PdfRef value)
    {
        (this.file, this.update) = (file, update);
        (ByteRange, Contents, FieldName, Field, Value) = (byteRange, contents, fieldName, field, value);
    }

    /// <summary>The four numbers, as they stand in the file.</summary>
    public IReadOnlyList<long> ByteRange { get; }

    /// <summary>The place of the hexadecimal string in the finished file, with its angle brackets.</summary>
    public PdfSpan Contents { get; }

    /// <summary>Room for the value, in bytes.</summary>
    public int ReservedBytes => (int)((Contents.Length - 2) / 2);

    /// <summary>Full name of the signed field.</summary>
    public string FieldName { get; }

    /// <summary>The field's object.</summary>
    public PdfRef Field { get; }

    /// <summary>The signature dictionary's object.</summary>
    public PdfRef Value { get; }

    /// <summary>Length of the file before the update.</summary>
    public long BaseLength => file.Bytes.Length;

    /// <summary>Length of the finished file.</summary>
    public long Length => BaseLength + update.Length;

    /// <summary>The bytes that are appended to the file.</summary>
    public ReadOnlyMemory<byte> Update => update;

    /// <summary>Writes the whole file: the bytes as they were, then the update.</summary>
    /// <param name="output">Receives the file.</param>
    /// <param name="signed">Receives, in order, every byte that the byte range covers; for hashing in the same pass.</param>
    public void WriteTo(Stream output, Action<ReadOnlySpan<byte>>? signed = null)
    {
        file.Bytes.CopyTo(output, signed);
        output.Write(update.Span);
        signed?.Invoke(update.Span[..(int)(Contents.Start - BaseLength)]);
        signed?.Invoke(update.Span[(int)(Contents.End - BaseLength)..]);
    }

    /// <summary>Feeds the signed bytes without writing anything: for a value that is made elsewhere.</summary>
    public void Feed(Action<ReadOnlySpan<byte>> signed) => WriteTo(Stream.Null, signed);

    /// <summary>Writes the signature value into the finished file, in place.</summary>
    /// <param name="written">The file that <see cref="WriteTo"/> wrote, seekable, positioned anywhere.</param>
    /// <param name="value">The DER of the CMS, at most <see cref="ReservedBytes"/>.</param>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: it does not fit; reserve more and prepare again.</exception>
    public void Fill(Stream written, ReadOnlySpan<byte> value)
    {
        Fill(value);
        written.Position = Contents.Start + 1;
        written.Write(Slot[..(2 * value.Length)]);
    }

    /// <summary>Puts the signature value into <see cref="Update"/>, so that base file + update is the finished file.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: it does not fit.</exception>
    public void Fill(ReadOnlySpan<byte> value)
    {
        if (value.Length > ReservedBytes)
        {
            throw new PdfException(PdfFault.CannotWrite, $"Chữ ký dài {value.Length} byte, chỗ dành sẵn chỉ có {ReservedBytes} byte.",
                $"The signature value has {value.Length} bytes, but only {ReservedBytes} are reserved.");
        }
        Convert.TryToHexStringLower(value, Slot, out _);
    }

    private Span<byte> Slot => update.Span[(int)(Contents.Start + 1 - BaseLength)..];
}
