using System.Buffers;
using Grpc.Net.Compression;

namespace Grpc.Framing;

/// <summary>The bytes of one received message, for its deserializer; one object serves all messages of a call.</summary>
internal sealed class MessagePayload : DeserializationContext
{
    private ReadOnlySequence<byte> payload;

    public override int PayloadLength => checked((int)payload.Length);

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;

    /// <exception cref="RpcException">Internal: the bytes are no such message; ResourceExhausted: too long once decompressed.</exception>
    public T Read<T>(in ReadOnlySequence<byte> bytes, Marshaller<T> marshaller, ICompressionProvider? compression, int? maxSize)
    {
        byte[]? inflated = null;
        try
        {
            payload = compression is null ? bytes : Inflate(bytes, compression, maxSize, out inflated);
            return marshaller.ContextualDeserializer(this);
        }
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A received message could not be read: " + e.Message, e));
        }
        finally
        {
            payload = default;
            if (inflated is not null)
                ArrayPool<byte>.Shared.Return(inflated);
        }
    }

    /// <summary>Stops as soon as the limit is passed, so a small message cannot fill the memory.</summary>
    private static ReadOnlySequence<byte> Inflate(in ReadOnlySequence<byte> bytes, ICompressionProvider compression, int? maxSize, out byte[] inflated)
    {
        using var source = new MemoryStream(bytes.ToArray(), writable: false);
        using var stream = compression.CreateDecompressionStream(source);
        inflated = ArrayPool<byte>.Shared.Rent(4096);
        var length = 0;
        while (true)
        {
            var read = stream.Read(inflated, length, inflated.Length - length);
            if (read == 0)
                return new ReadOnlySequence<byte>(inflated, 0, length);
            length += read;
            if (length > maxSize)
                throw Frame.TooLargeToReceive(length, maxSize);
            if (length == inflated.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(inflated.Length * 2);
                inflated.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(inflated);
                inflated = larger;
            }
        }
    }
}
