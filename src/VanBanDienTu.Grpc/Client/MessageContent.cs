using System.Net;
using System.Net.Http.Headers;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>
/// A request body of one message, serialized before the request leaves. It is a ByteArrayContent by name only: for that type the
/// handler knows that sending the body never waits for the answer, and spares what a duplex request costs.
/// </summary>
internal sealed class MessageContent : ByteArrayContent
{
    public static readonly MediaTypeHeaderValue GrpcType = new(HeaderNames.ContentType);

    private readonly FrameWriter writer;
    private ReadOnlyMemory<byte> frame;

    public MessageContent(int? maxSize) : base([])
    {
        writer = new FrameWriter { MaxSize = maxSize };
        Headers.ContentType = GrpcType;
    }

    public void Set<T>(T message, Marshaller<T> marshaller, ICompressionProvider? compression) => frame = writer.Write(message, marshaller, compression);

    /// <summary>
    /// The handler repeats a request by itself when its connection is going away. What has been written is gone: sent without it, the
    /// server would see an empty request and refuse it for good, where the caller only has to call again.
    /// </summary>
    public static IOException SentBefore() => new("The connection ended after the request had begun; call again.");

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (frame.IsEmpty)
            throw SentBefore();
        await stream.WriteAsync(frame, cancellationToken);
        frame = default;
        writer.Release();
    }

    /// <summary>No content-length: it is not part of the protocol.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
