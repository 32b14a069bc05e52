namespace VanBanDienTu.Relay.Payloads;

/// <summary>Reads a payload of known size from anywhere; what keeps it only has to give bytes from a place on.</summary>
internal abstract class PayloadStream(long size) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = Position >= size || buffer.Length == 0 ? 0 : ReadAt(Position, buffer[..Cut(buffer.Length)]);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Position >= size || buffer.Length == 0 ? 0 : await ReadAtAsync(Position, buffer[..Cut(buffer.Length)], cancellationToken);
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => size + offset,
    };

    public override void Flush()
    {
        // Nothing is written here.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>At least one byte from this place on; the buffer never reaches beyond the payload's end.</summary>
    protected abstract int ReadAt(long place, Span<byte> buffer);

    /// <inheritdoc cref="ReadAt"/>
    protected abstract ValueTask<int> ReadAtAsync(long place, Memory<byte> buffer, CancellationToken ct);

    private int Cut(int wanted) => (int)Math.Min(wanted, size - Position);
}
