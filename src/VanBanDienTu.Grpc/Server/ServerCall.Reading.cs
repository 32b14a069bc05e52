using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grpc.Framing;

namespace Grpc.AspNetCore.Server;

internal sealed partial class ServerCall
{
    private MessagePayload? payload;

    /// <summary>What one read brought: a message, or the end; with a message, whether the end is known to follow.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Received<T>(bool Found, T? Message, bool AtEnd);

    /// <summary>The one request of a unary or server streaming call. Its end is not waited for: the answer may overtake it.</summary>
    /// <exception cref="RpcException">There is none, or more than one is already there, or it cannot be read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ReadOnlyMessageAsync<T>(Marshaller<T> marshaller)
    {
        var received = await ReadMessageAsync(marshaller, default);
        if (!received.Found)
            throw new RpcException(new Status(StatusCode.Internal, "The request holds no message."));
        if (!received.AtEnd && http.Request.BodyReader.TryRead(out var rest))
        {
            var more = !rest.Buffer.IsEmpty;
            http.Request.BodyReader.AdvanceTo(rest.Buffer.End);
            if (more)
                throw new RpcException(new Status(StatusCode.Internal, "The request holds more than one message, but this method takes one."));
        }

        return received.Message!;
    }

    /// <summary>The next request message. Nothing is read ahead of the caller, so Kestrel's windows hold a fast client back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received<T>> ReadMessageAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCanceled)
                throw new OperationCanceledException("The call ended while its request was read.");
            var buffer = result.Buffer;
            var consumed = buffer.Start;
            var examined = buffer.End;
            try
            {
                if (Frame.TryReadHeader(buffer, settings.MaxReceive, out var compressed, out var length) && buffer.Length >= Frame.HeaderSize + length)
                {
                    var bytes = buffer.Slice(Frame.HeaderSize, length);
                    consumed = examined = bytes.End;
                    if (compressed && requestEncoding is null)
                        throw new RpcException(new Status(StatusCode.Internal, "A compressed message came, but the request names no grpc-encoding."));
                    var message = (payload ??= new MessagePayload()).Read(bytes, marshaller, compressed ? requestEncoding : null, settings.MaxReceive);
                    return new Received<T>(true, message, result.IsCompleted && buffer.End.Equals(bytes.End));
                }

                if (result.IsCompleted)
                    return buffer.IsEmpty ? new Received<T>(false, default, true) : throw Frame.Truncated();
            }
            finally
            {
                reader.AdvanceTo(consumed, examined);
            }
        }
    }
}
