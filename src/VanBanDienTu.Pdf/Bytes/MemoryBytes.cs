using System.Buffers;

namespace VanBanDienTu.Pdf;

/// <summary>Bytes in memory: the caller's, or those of a file small enough to be read in one go into a rented array.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : PdfBytes
{
    private ReadOnlyMemory<byte> bytes = bytes;
    private byte[]? rented;

    public override long Length => bytes.Length;

    /// <summary>Reads a whole file; the array goes back when this is disposed of, so no window may be kept longer.</summary>
    public static MemoryBytes Read(ReadAt file, int length)
    {
        var array = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            var filled = 0;
            while (filled < length && file(filled, array.AsSpan(filled, length - filled)) is > 0 and var got)
                filled += got;
            return new MemoryBytes(array.AsMemory(0, filled)) { rented = array };
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }
    }

    public override int Read(long offset, Span<byte> into)
    {
        var part = Window(offset, into.Length);
        part.Span.CopyTo(into);
        return part.Length;
    }

    public override ReadOnlySpan<byte> View(long offset, Span<byte> buffer) => Window(offset, buffer.Length).Span;

    internal override int ShortRead => 16 << 10; // a signature's value with its room

    internal override ReadOnlyMemory<byte> Window(long offset, int length) =>
        offset < 0 || offset >= bytes.Length ? default : bytes.Slice((int)offset, (int)Math.Min(length, bytes.Length - offset));

    protected override void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Exchange(ref rented, null) is not { } array)
            return;
        bytes = default;
        ArrayPool<byte>.Shared.Return(array);
    }
}
