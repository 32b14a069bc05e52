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

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(frame, cancellationToken);
        frame = default;
        writer.Release(); // a request is sent once: the channel's handler does not repeat bodies
    }

    /// <summary>No content-length: it is not part of the protocol.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
