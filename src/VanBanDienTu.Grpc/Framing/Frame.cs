using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Framing;

/// <summary>The five bytes before each message: one flag (compressed or not) and the length, big-endian.</summary>
/// <remarks>Source: gRPC over HTTP/2, Length-Prefixed-Message.</remarks>
internal static class Frame
{
    public const int HeaderSize = 5;

    /// <summary>4 MiB: what a receiver takes unless told otherwise.</summary>
    public const int DefaultMaxReceiveSize = 4 * 1024 * 1024;

    public static void WriteHeader(Span<byte> header, bool compressed, int length)
    {
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
    }

    /// <summary>False while fewer than five bytes are there.</summary>
    /// <exception cref="RpcException">Internal: the flag is neither 0 nor 1; ResourceExhausted: longer than <paramref name="maxSize"/>.</exception>
    public static bool TryReadHeader(in ReadOnlySequence<byte> buffer, int? maxSize, out bool compressed, out int length)
    {
        compressed = false;
        length = 0;
        if (buffer.Length < HeaderSize)
            return false;

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);

        if (header[0] > 1)
            throw new RpcException(new Status(StatusCode.Internal, $"A message began with the flag {header[0]}, which is neither 0 (plain) nor 1 (compressed)."));
        compressed = header[0] == 1;
        var size = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (size > (uint)(maxSize ?? int.MaxValue))
            throw TooLargeToReceive(size, maxSize);
        length = (int)size;
        return true;
    }

    public static RpcException TooLargeToReceive(long size, int? maxSize) => new(new Status(
        StatusCode.ResourceExhausted,
        $"Received message exceeds the maximum configured message size: {size} bytes, at most {maxSize ?? int.MaxValue}."));

    public static RpcException TooLargeToSend(long size, int maxSize) => new(new Status(
        StatusCode.ResourceExhausted,
        $"Sending message exceeds the maximum configured message size: {size} bytes, at most {maxSize}."));

    public static RpcException Truncated() => new(new Status(StatusCode.Internal, "The stream ended in the middle of a message."));
}
