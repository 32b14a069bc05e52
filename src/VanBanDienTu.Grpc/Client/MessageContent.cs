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
    private readonly Lock gate = new();
    private ReadOnlyMemory<byte> frame;
    private int senders;
    private bool answered;

    public MessageContent(int? maxSize) : base([])
    {
        writer = new FrameWriter { MaxSize = maxSize };
        Headers.ContentType = GrpcType;
    }

    public void Set<T>(T message, Marshaller<T> marshaller, ICompressionProvider? compression) => frame = writer.Write(message, marshaller, compression);

    /// <summary>
    /// The handler repeats a request by itself when its connection is going away and the server says that it did nothing with it. What can no
    /// longer be written is an error then: the server would see an empty request and refuse it for good, where the caller only has to call again.
    /// </summary>
    public static IOException SentBefore() => new("The connection ended after the request had begun; call again.");

    /// <summary>The answer has begun or will not come: nobody sends this again, and the buffer may go.</summary>
    public void Answered()
    {
        lock (gate)
        {
            answered = true;
            ReleaseAfterLast();
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (answered)
                throw SentBefore();
            senders++;
        }

        try
        {
            await stream.WriteAsync(frame, cancellationToken);
        }
        finally
        {
            lock (gate)
            {
                senders--;
                ReleaseAfterLast();
            }
        }
    }

    /// <summary>No content-length: it is not part of the protocol.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private void ReleaseAfterLast()
    {
        if (!answered || senders > 0)
            return;
        frame = default;
        writer.Release();
    }
}
