namespace Grpc.Core;

/// <summary>A call whose response is a stream. Dispose cancels what is not finished.</summary>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly CallState state;

    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseStream, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
        : this(responseStream, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state))
    {
    }

    private AsyncServerStreamingCall(IAsyncStreamReader<TResponse> responseStream, CallState state)
    {
        ResponseStream = responseStream;
        this.state = state;
    }

    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    public Task<Metadata> ResponseHeadersAsync => state.ResponseHeadersAsync();

    /// <summary>The status of the finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is not finished.</exception>
    public Status GetStatus() => state.GetStatus();

    /// <summary>The trailers of the finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is not finished.</exception>
    public Metadata GetTrailers() => state.GetTrailers();

    public void Dispose() => state.Dispose();
}
