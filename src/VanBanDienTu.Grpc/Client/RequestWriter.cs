using System.Net;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>The request stream of a call: each message leaves at once, and a full window makes the writer wait.</summary>
internal sealed class RequestWriter<TRequest, TResponse> : IClientStreamWriter<TRequest> where TRequest : class where TResponse : class
{
    private readonly ClientCall<TRequest, TResponse> call;
    private readonly FrameWriter writer;
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int writing;
    private bool completeAsked;

    public RequestWriter(ClientCall<TRequest, TResponse> call)
    {
        this.call = call;
        writer = new FrameWriter { MaxSize = call.MaxSendMessageSize };
        Content = new StreamedContent(this);
        WriteOptions = call.Options.WriteOptions;
        call.Ended = () =>
        {
            opened.TrySetCanceled();
            completed.TrySetCanceled();
        };
    }

    public HttpContent Content { get; }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (completeAsked)
            throw new InvalidOperationException("The request stream was already completed.");
        if (Interlocked.Exchange(ref writing, 1) == 1)
            throw new InvalidOperationException("A write is still under way: await it before the next one.");
        try
        {
            using var registration = cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), call);
            var stream = await opened.Task;
            var flags = WriteOptions?.Flags ?? WriteFlags.None;
            var frame = writer.Write(message, call.RequestMarshaller, flags.HasFlag(WriteFlags.NoCompress) ? null : call.RequestEncoding);
            await stream.WriteAsync(frame, call.Token);
            if (!flags.HasFlag(WriteFlags.BufferHint))
                await stream.FlushAsync(call.Token); // without it the frame may wait for the next one
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw await FailureAsync(e);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        completeAsked = true;
        completed.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>The call's own status explains more than the broken stream does, when it is known.</summary>
    private async Task<Exception> FailureAsync(Exception e)
    {
        if (!call.HasEnded && !call.Token.IsCancellationRequested)
            await call.Opened;
        if (!call.HasEnded && call.Token.IsCancellationRequested)
            call.End(call.StatusFor(e));
        if (call.HasEnded && call.GetStatus().StatusCode != StatusCode.OK)
            return call.Failure();
        return new RpcException(new Status(StatusCode.Cancelled, "The server ended the call before the request stream was complete; the responses say how.", e));
    }

    private async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (opened.Task.IsCompleted)
            throw MessageContent.SentBefore();
        await stream.FlushAsync(cancellationToken); // the headers, so that the server begins before the first message
        opened.TrySetResult(stream);
        using var registration = cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetCanceled(), completed);
        await completed.Task;
        if (Volatile.Read(ref writing) == 0)
            writer.Release();
    }

    private sealed class StreamedContent : HttpContent
    {
        private readonly RequestWriter<TRequest, TResponse> owner;

        public StreamedContent(RequestWriter<TRequest, TResponse> owner)
        {
            this.owner = owner;
            Headers.ContentType = MessageContent.GrpcType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => owner.SendAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            owner.SendAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
