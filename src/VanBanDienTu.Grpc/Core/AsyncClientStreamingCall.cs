using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A call whose request is a stream; can be awaited for its response. Dispose cancels what is not finished.</summary>
public sealed class AsyncClientStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly CallState state;

    public AsyncClientStreamingCall(
        IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(requestStream, responseAsync, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    public AsyncClientStreamingCall(
        IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
        : this(requestStream, responseAsync, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state))
    {
    }

    private AsyncClientStreamingCall(IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync, CallState state)
    {
        RequestStream = requestStream;
        ResponseAsync = responseAsync;
        this.state = state;
    }

    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>The response; faults with <see cref="RpcException"/>.</summary>
    public Task<TResponse> ResponseAsync { get; }

    public Task<Metadata> ResponseHeadersAsync => state.ResponseHeadersAsync();

    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The status of the finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is not finished.</exception>
    public Status GetStatus() => state.GetStatus();

    /// <summary>The trailers of the finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is not finished.</exception>
    public Metadata GetTrailers() => state.GetTrailers();

    public void Dispose() => state.Dispose();
}
