namespace VanBanDienTu.Pdf;

/// <summary>The bytes of a file, read by offset; a file is never held whole in memory.</summary>
/// <remarks>Safe for concurrent reads.</remarks>
public abstract class PdfBytes : IDisposable
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to <c>into.Length</c> bytes; returns how many, less only at the end of the file.</summary>
    public abstract int Read(long offset, Span<byte> into);

    /// <summary>Opens a file for reading by offset. The file must not change while it is open.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PdfBytes Open(string path) => new FileBytes(path);

    /// <summary>Bytes that are in memory already; they are not copied.</summary>
    public static PdfBytes Of(ReadOnlyMemory<byte> bytes) => new MemoryBytes(bytes);

    /// <summary>Writes all bytes to <paramref name="output"/> through one buffer of 1 MiB.</summary>
    public void CopyTo(Stream output)
    {
        var buffer = new byte[(int)Math.Min(CopyBuffer, Math.Max(1, Length))];
        for (long at = 0; at < Length;)
        {
            var got = Read(at, buffer);
            if (got == 0)
                throw new PdfException(PdfFault.Truncated, "Tệp bị cắt ngắn khi đang đọc.", "The file became shorter while it was read.", at);
            output.Write(buffer.AsSpan(0, got));
            at += got;
        }
    }

    /// <summary>A view of at most <paramref name="length"/> bytes, shorter only at the end of the file.</summary>
    internal abstract ReadOnlyMemory<byte> Window(long offset, int length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the file.</summary>
    protected abstract void Dispose(bool disposing);
}
