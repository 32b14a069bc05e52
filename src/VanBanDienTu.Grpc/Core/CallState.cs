namespace Grpc.Core;

/// <summary>How the four call types reach what is behind them: functions over one state object, so that a call allocates no closures.</summary>
internal readonly struct CallState
{
    private readonly object headers;
    private readonly Delegate status;
    private readonly Delegate trailers;
    private readonly Delegate dispose;
    private readonly object? state;

    public CallState(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
    {
        this.headers = headers;
        this.status = status;
        this.trailers = trailers;
        this.dispose = dispose;
        state = null;
    }

    public CallState(
        Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state)
    {
        this.headers = headers;
        this.status = status;
        this.trailers = trailers;
        this.dispose = dispose;
        this.state = state;
    }

    public Task<Metadata> ResponseHeadersAsync() =>
        headers is Func<object, Task<Metadata>> withState ? withState(state!) : (Task<Metadata>)headers;

    public Status GetStatus() => status is Func<object, Status> withState ? withState(state!) : ((Func<Status>)status)();

    public Metadata GetTrailers() => trailers is Func<object, Metadata> withState ? withState(state!) : ((Func<Metadata>)trailers)();

    public void Dispose()
    {
        if (dispose is Action<object> withState)
            withState(state!);
        else
            ((Action)dispose)();
    }
}
