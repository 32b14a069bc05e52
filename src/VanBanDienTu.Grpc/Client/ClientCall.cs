using System.Runtime.InteropServices;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>The life of one call: sent, answered, ended once with a status. This part does not depend on the message types.</summary>
internal abstract class ClientCall : IDisposable
{
    public static readonly Func<object, Task<Metadata>> HeadersOf = call => ((ClientCall)call).HeadersAsync();
    public static readonly Func<object, Status> StatusOf = call => ((ClientCall)call).GetStatus();
    public static readonly Func<object, Metadata> TrailersOf = call => ((ClientCall)call).GetTrailers();
    public static readonly Action<object> Disposer = call => ((ClientCall)call).Dispose();

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly CancellationTokenSource cancellation;
    private readonly CancellationTokenRegistration callerRegistration;
    private readonly CancellationTokenRegistration channelRegistration;
    private HttpResponseMessage? response;
    private Metadata? responseHeaders;
    private Metadata? trailers;
    private Status status;
    private int ended;
    private bool cancelled;
    private bool trailersOnly;

    protected ClientCall(GrpcChannel channel, CallOptions options, string? host)
    {
        Channel = channel;
        Options = options;
        Host = host;
        var now = channel.Options.Time.GetUtcNow().UtcDateTime;
        Timeout = options.Deadline is { } deadline && deadline != DateTime.MaxValue ? deadline.ToUniversalTime() - now : null;
        cancellation = Timeout is { } timeout && timeout > TimeSpan.Zero && timeout < LongestTimer
            ? new CancellationTokenSource(timeout, channel.Options.Time)
            : new CancellationTokenSource();
        Token = cancellation.Token;
        callerRegistration = options.CancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), this);
        if (!channel.OwnsConnections) // its own connections end with the channel, and the calls with them
            channelRegistration = channel.Closing.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), this);
    }

    /// <summary>Told once, when the call has its status.</summary>
    public Action? Ended { get; set; }

    public bool HasEnded => Volatile.Read(ref ended) == 2;

    /// <summary>Cancelled by the caller, the deadline, Dispose or the channel.</summary>
    public CancellationToken Token { get; }

    /// <summary>Completes, never faults, when the answer's headers are there or the call has ended without them.</summary>
    public Task Opened { get; private set; } = Task.CompletedTask;

    public CallOptions Options { get; }

    /// <summary>The encoding of the messages sent; null: none.</summary>
    public ICompressionProvider? RequestEncoding { get; protected set; }

    protected GrpcChannel Channel { get; }

    protected string? Host { get; }

    /// <summary>What is left until the deadline when the call is made.</summary>
    protected TimeSpan? Timeout { get; }

    /// <summary>The encoding of the compressed messages received.</summary>
    protected ICompressionProvider? ResponseEncoding { get; private set; }

    protected Stream Body { get; private set; } = Stream.Null;

    public void Start(HttpContent content) => Opened = OpenAsync(content);

    public void Cancel()
    {
        if (Volatile.Read(ref ended) != 0)
            return;
        cancelled = true;
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in this moment.
        }
    }

    public void Dispose()
    {
        if (Volatile.Read(ref ended) == 0)
        {
            Cancel();
            End(Status.DefaultCancelled);
        }
    }

    public Status GetStatus() => HasEnded ? status : throw new InvalidOperationException("The call is not finished: it has no status yet.");

    public Metadata GetTrailers()
    {
        if (!HasEnded)
            throw new InvalidOperationException("The call is not finished: it has no trailers yet.");
        if (trailers is not null)
            return trailers;
        return trailers = response is null ? Metadata.Empty : trailersOnly ? ResponseStatus.AllHeaders(response) : ResponseStatus.Trailers(response);
    }

    public async Task<Metadata> HeadersAsync()
    {
        await Opened;
        if (response is null)
            throw Failure();
        return responseHeaders ??= trailersOnly ? [] : ResponseStatus.AllHeaders(response);
    }

    /// <summary>The exception for the status the call ended with.</summary>
    public Exception Failure()
    {
        var rpc = new RpcException(status, GetTrailers());
        return Channel.Options.ThrowOperationCanceledOnCancellation && status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded
            ? new OperationCanceledException(status.Detail, rpc, Options.CancellationToken)
            : rpc;
    }

    /// <summary>What an exception of the transport or the reading means for the caller.</summary>
    public Status StatusFor(Exception e)
    {
        if (Volatile.Read(ref cancelled))
            return new Status(StatusCode.Cancelled, "The call was cancelled by this side.", e);
        if (Token.IsCancellationRequested || DeadlineHasPassed())
            return new Status(StatusCode.DeadlineExceeded, "The deadline passed before the answer was complete.", e);
        return e is RpcException rpc ? rpc.Status : TransportFailure.ToStatus(e);
    }

    public void End(Status end)
    {
        if (Interlocked.CompareExchange(ref ended, 1, 0) != 0)
            return;
        status = end;
        Volatile.Write(ref ended, 2);
        callerRegistration.Dispose();
        channelRegistration.Dispose();
        if (end.StatusCode != StatusCode.OK)
            ResetStream();
        response?.Dispose(); // else its finalizer would have to; headers and trailers stay readable
        cancellation.Dispose();
        Ended?.Invoke();
    }

    /// <summary>Ends the call with what the trailers say.</summary>
    protected void EndWithTrailers()
    {
        var end = ResponseStatus.FromTrailers(response!);
        End(end.StatusCode == StatusCode.OK || !DeadlineHasPassed() || end.StatusCode != StatusCode.Cancelled ? end : StatusFor(new RpcException(end)));
    }

    protected abstract ValueTask<HttpRequestMessage> NewRequestAsync(HttpContent content);

    private async Task OpenAsync(HttpContent content)
    {
        if (HasEnded)
            return;
        if (Timeout <= TimeSpan.Zero)
        {
            End(new Status(StatusCode.DeadlineExceeded, "The deadline had passed before the call was made."));
            return;
        }

        try
        {
            var request = NewRequestAsync(content);
            var answer = await Channel.SendAsync(request.IsCompletedSuccessfully ? request.Result : await request, Token);
            response = answer;
            if (ResponseStatus.FromHeaders(answer, Channel.Encodings, out var encoding) is { } early)
            {
                trailersOnly = true;
                End(early);
                return;
            }

            ResponseEncoding = encoding;
            Body = await answer.Content.ReadAsStreamAsync(Token);
        }
        catch (Exception e)
        {
            End(StatusFor(e)); // the exception becomes the call's status, its debug exception
        }
        finally
        {
            (content as MessageContent)?.Answered();
        }
    }

    /// <summary>Frees the stream on the wire; its unread rest is not wanted.</summary>
    private void ResetStream()
    {
        try
        {
            cancellation.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or AggregateException)
        {
            // The connection is gone already.
        }
    }

    private bool DeadlineHasPassed() => Options.Deadline is { } deadline && Channel.Options.Time.GetUtcNow().UtcDateTime >= deadline.ToUniversalTime();
}
