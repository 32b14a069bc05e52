using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A call with one request and one response under way; can be awaited. Dispose cancels what is not finished.</summary>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly CallState state;

    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseAsync, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
        : this(responseAsync, new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state))
    {
    }

    private AsyncUnaryCall(Task<TResponse> responseAsync, CallState state)
    {
        ResponseAsync = responseAsync;
        this.state = state;
    }

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
