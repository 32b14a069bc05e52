using System.Buffers;

namespace VanBanDienTu.Pdf;

/// <summary>The bytes of a file, read by offset; a file is never held whole in memory.</summary>
/// <remarks>Safe for concurrent reads.</remarks>
public abstract class PdfBytes : IDisposable
{
    private const int CopyBuffer = 256 << 10;

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to <c>into.Length</c> bytes; returns how many, less only at the end of the file.</summary>
    public abstract int Read(long offset, Span<byte> into);

    /// <summary>Opens a file for reading by offset. The file must not change while it is open.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PdfBytes Open(string path) => new FileBytes(path);

    /// <summary>Bytes that are in memory already; they are not copied.</summary>
    public static PdfBytes Of(ReadOnlyMemory<byte> bytes) => new MemoryBytes(bytes);

    /// <summary>Writes all bytes to <paramref name="output"/> through one buffer of 256 KiB.</summary>
    /// <param name="output">Receives the file.</param>
    /// <param name="also">Receives the same bytes, in order; for hashing in the same pass.</param>
    public void CopyTo(Stream output, Action<ReadOnlySpan<byte>>? also = null)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(CopyBuffer, Math.Max(1, Length)));
        try
        {
            for (long at = 0; at < Length;)
            {
                var got = Read(at, buffer);
                if (got == 0)
                    throw new PdfException(PdfFault.Truncated, "Tệp bị cắt ngắn khi đang đọc.", "The file became shorter while it was read.", at);
                output.Write(buffer, 0, got);
                also?.Invoke(buffer.AsSpan(0, got));
                at += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
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
