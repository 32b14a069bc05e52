using System.Buffers;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Framing;

/// <summary>Serializes one message after another, each with its header, into a pooled array that it owns until <see cref="Release"/>.</summary>
internal sealed class FrameWriter : SerializationContext, IBufferWriter<byte>
{
    private const int SmallestBuffer = 256;

    private byte[] buffer = [];
    private int written;
    private bool complete;

    /// <summary>Refuses messages that are longer, before compression.</summary>
    public int? MaxSize { get; set; }

    /// <summary>The frame: valid until the next <see cref="Write"/> or <see cref="Release"/>.</summary>
    /// <exception cref="RpcException">ResourceExhausted: longer than <see cref="MaxSize"/>.</exception>
    public ReadOnlyMemory<byte> Write<T>(T message, Marshaller<T> marshaller, ICompressionProvider? compression, CompressionLevel? level = null)
    {
        written = Frame.HeaderSize;
        complete = false;
        marshaller.ContextualSerializer(message, this);
        if (!complete)
            throw new InvalidOperationException("The serializer did not complete its message.");
        var length = written - Frame.HeaderSize;
        if (length > MaxSize)
            throw Frame.TooLargeToSend(length, MaxSize.Value);

        var compress = compression is not null && length > 0; // of nothing, .NET's gzip stream makes no bytes at all, which is no gzip
        if (compress)
        {
            Compress(compression!, level);
            length = written - Frame.HeaderSize;
        }

        Reserve(0);
        Frame.WriteHeader(buffer, compress, length);
        return buffer.AsMemory(0, written);
    }

    /// <summary>Gives the buffer back; the next write takes a new one.</summary>
    public void Release()
    {
        var old = buffer;
        buffer = [];
        if (old.Length > 0)
            ArrayPool<byte>.Shared.Return(old);
    }

    public override void SetPayloadLength(int payloadLength)
    {
        if (payloadLength > MaxSize)
            throw Frame.TooLargeToSend(payloadLength, MaxSize.Value);
        Reserve(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => this;

    public override void Complete() => complete = true;

    public override void Complete(byte[] payload)
    {
        Reserve(payload.Length);
        payload.CopyTo(buffer, written);
        written += payload.Length;
        complete = true;
    }

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsSpan(written);
    }

    private void Reserve(int more)
    {
        var needed = written + more;
        if (needed <= buffer.Length && buffer.Length > 0)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(SmallestBuffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength))));
        buffer.AsSpan(0, Math.Min(written, buffer.Length)).CopyTo(larger);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private void Compress(ICompressionProvider compression, CompressionLevel? level)
    {
        var plain = buffer;
        var end = written;
        buffer = [];
        written = Frame.HeaderSize;
        try
        {
            using var target = new BufferWriterStream(this);
            using var stream = compression.CreateCompressionStream(target, level);
            stream.Write(plain, Frame.HeaderSize, end - Frame.HeaderSize);
        }
        finally
        {
            if (plain.Length > 0)
                ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
