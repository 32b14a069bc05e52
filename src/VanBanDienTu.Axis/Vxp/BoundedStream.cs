namespace VanBanDienTu.Axis.Vxp;

/// <summary>Reads at most so many bytes of another stream; one more is an error.</summary>
/// <exception cref="AxisException"><see cref="AxisFault.LimitExceeded"/>.</exception>
public sealed class BoundedStream(Stream inner, long mostBytes) : Stream
{
    private long taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int read) => (taken += read) <= mostBytes
        ? read
        : throw new AxisException(AxisFault.LimitExceeded, $"Nội dung lớn hơn {mostBytes} byte.", $"The content is larger than {mostBytes} bytes.");
}
