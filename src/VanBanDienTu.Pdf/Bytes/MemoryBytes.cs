namespace VanBanDienTu.Pdf;

internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : PdfBytes
{
    public override long Length => bytes.Length;

    public override int Read(long offset, Span<byte> into)
    {
        var part = Window(offset, into.Length);
        part.Span.CopyTo(into);
        return part.Length;
    }

    internal override ReadOnlyMemory<byte> Window(long offset, int length) =>
        offset < 0 || offset >= bytes.Length ? default : bytes.Slice((int)offset, (int)Math.Min(length, bytes.Length - offset));

    protected override void Dispose(bool disposing)
    {
    }
}
