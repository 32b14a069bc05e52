using System.Buffers;

namespace VanBanDienTu.Pdf;

/// <summary>The bytes of a file, read by offset; a file is never held whole in memory.</summary>
/// <remarks>Safe for concurrent reads.</remarks>
public abstract class PdfBytes : IDisposable
{
    private const int CopyBuffer = 256 << 10;

    // Up to here one read of everything costs less than several of parts.
    private const int SmallFile = 1 << 20;

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to <c>into.Length</c> bytes; returns how many, less only at the end of the file.</summary>
    public abstract int Read(long offset, Span<byte> into);

    /// <summary>The bytes from an offset, as many as the buffer holds and the file has: a view of them where they are in memory, else read into the buffer.</summary>
    public virtual ReadOnlySpan<byte> View(long offset, Span<byte> buffer) => buffer[..Read(offset, buffer)];

    /// <summary>Opens a file for reading by offset. The file must not change while it is open.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PdfBytes Open(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return Open((offset, into) => RandomAccess.Read(handle, into, offset), RandomAccess.GetLength(handle), handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a seekable stream by offset; it belongs to the result from now on.</summary>
    public static PdfBytes Over(Stream stream)
    {
        var gate = new Lock();
        try
        {
            return Open(Read, stream.Length, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        int Read(long offset, Span<byte> into)
        {
            lock (gate)
            {
                stream.Position = offset;
                return stream.Read(into);
            }
        }
    }

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
                var part = View(at, buffer);
                if (part.IsEmpty)
                    throw new PdfException(PdfFault.Truncated, "Tệp bị cắt ngắn khi đang đọc.", "The file became shorter while it was read.", at);
                output.Write(part);
                also?.Invoke(part);
                at += part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>How many bytes are looked at first for an object of unknown length: no more than cost nothing.</summary>
    internal virtual int ShortRead => 2 << 10;

    private static PdfBytes Open(ReadAt read, long length, IDisposable owner)
    {
        if (length > SmallFile)
            return new FileBytes(read, length, owner);
        using (owner)
            return MemoryBytes.Read(read, (int)length);
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
