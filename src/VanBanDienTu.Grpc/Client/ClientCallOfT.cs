using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>A call with its message types: what it sends, and its responses read one by one.</summary>
internal sealed class ClientCall<TRequest, TResponse> : ClientCall where TRequest : class where TResponse : class
{
    private const int FirstBuffer = 4096;

    private readonly Method<TRequest, TResponse> method;
    private readonly MessagePayload payload = new();
    private byte[] buffer = [];
    private int start;
    private int end;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options) : base(channel, options, host)
    {
        this.method = method;
        if (options.Headers?.GetValue(HeaderNames.InternalRequestEncoding) is { } name)
        {
            if (!channel.Encodings.TryFind(name, out var encoding))
                throw new InvalidOperationException($"The request encoding '{name}' has no compression provider on this channel.");
            RequestEncoding = encoding;
        }
    }

    public Marshaller<TRequest> RequestMarshaller => method.RequestMarshaller;

    public int? MaxSendMessageSize => Channel.Options.MaxSendMessageSize;

    /// <summary>One read's result.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Received(bool Found, TResponse? Message);

    public async Task<TResponse> RunUnaryAsync(TRequest request)
    {
        Start(ContentOf(request));
        return await ReadOnlyResponseAsync();
    }

    /// <summary>The request serialized; when it cannot be, the call has ended.</summary>
    public HttpContent ContentOf(TRequest request)
    {
        var content = new MessageContent(MaxSendMessageSize);
        try
        {
            var plain = (Options.WriteOptions?.Flags ?? WriteFlags.None).HasFlag(WriteFlags.NoCompress);
            content.Set(request, method.RequestMarshaller, plain ? null : RequestEncoding);
        }
        catch (RpcException e)
        {
            End(e.Status);
        }

        return content;
    }

    /// <summary>The one response of a unary or client streaming call, after its status is known to be OK.</summary>
    public async Task<TResponse> ReadOnlyResponseAsync()
    {
        var received = await ReadAsync();
        if (received.Found && (await ReadAsync()).Found)
            End(new Status(StatusCode.Internal, "The response holds more than one message, but this method has one."));
        else if (!received.Found)
            throw new RpcException(new Status(StatusCode.Internal, "The call ended with OK but without its response message."), GetTrailers());
        return GetStatus().StatusCode == StatusCode.OK ? received.Message! : throw Failure();
    }

    /// <summary>The next response; not found at the end of a call with status OK. Nothing is read ahead of need, so the far side's writer is held back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received> ReadAsync()
    {
        if (!Opened.IsCompletedSuccessfully)
            await Opened;
        try
        {
            while (!HasEnded)
            {
                if (TryTake(out var message))
                    return new Received(true, message);
                var read = await Body.ReadAsync(buffer.AsMemory(end), Token);
                end += read;
                if (read > 0)
                    continue;
                if (end > start)
                    throw Frame.Truncated();
                EndWithTrailers();
            }
        }
        catch (Exception e)
        {
            End(StatusFor(e));
        }

        ReleaseBuffer();
        return GetStatus().StatusCode == StatusCode.OK ? default : throw Failure();
    }

    protected override ValueTask<HttpRequestMessage> NewRequestAsync(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Channel.AddressOf(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        RequestHeaders.AddProtocol(request, Channel.Encodings.Accepted, RequestEncoding?.EncodingName, Timeout, Host);
        if (Options.Headers is { Count: > 0 } metadata)
            RequestHeaders.Add(request, metadata);
        return Channel.SendsCallCredentials && (Channel.Credentials ?? Options.Credentials) is not null ? WithCredentialsAsync(request) : new(request);
    }

    private async ValueTask<HttpRequestMessage> WithCredentialsAsync(HttpRequestMessage request)
    {
        var context = new AuthInterceptorContext(new Uri(Channel.Address, "/" + method.ServiceName).AbsoluteUri, method.Name, Token);
        var metadata = new Metadata();
        foreach (var interceptor in (Channel.Credentials?.Interceptors ?? []).Concat(Options.Credentials?.Interceptors ?? []))
            await interceptor(context, metadata);
        RequestHeaders.Add(request, metadata);
        return request;
    }

    /// <summary>Takes one whole message out of the buffer, or makes room for more of it.</summary>
    private bool TryTake(out TResponse? message)
    {
        message = null;
        var needed = FirstBuffer;
        if (Frame.TryReadHeader(new ReadOnlySequence<byte>(buffer, start, end - start), Channel.Options.MaxReceiveMessageSize, out var compressed, out var length))
        {
            needed = Frame.HeaderSize + length;
            if (end - start >= needed)
            {
                if (compressed && ResponseEncoding is null)
                    throw new RpcException(new Status(StatusCode.Internal, "A compressed message came, but the response names no grpc-encoding."));
                var bytes = new ReadOnlySequence<byte>(buffer, start + Frame.HeaderSize, length);
                message = payload.Read(bytes, method.ResponseMarshaller, compressed ? ResponseEncoding : null, Channel.Options.MaxReceiveMessageSize);
                start += needed;
                if (start == end)
                    start = end = 0;
                return true;
            }
        }

        MakeRoom(needed);
        return false;
    }

    private void MakeRoom(int needed)
    {
        if (buffer.Length - start >= needed && buffer.Length > end)
            return;
        var have = end - start;
        if (needed <= buffer.Length)
        {
            buffer.AsSpan(start, have).CopyTo(buffer);
        }
        else
        {
            // A header may promise more than ever comes: grow with what arrives, by doubling.
            var size = Math.Min((long)needed, Math.Max(FirstBuffer, Math.Max(2L * buffer.Length, 1024 * 1024)));
            var larger = ArrayPool<byte>.Shared.Rent((int)size);
            buffer.AsSpan(start, have).CopyTo(larger);
            ReleaseBuffer();
            buffer = larger;
        }

        (start, end) = (0, have);
    }

    private void ReleaseBuffer()
    {
        var old = buffer;
        buffer = [];
        start = end = 0;
        if (old.Length > 0)
            ArrayPool<byte>.Shared.Return(old);
    }
}
