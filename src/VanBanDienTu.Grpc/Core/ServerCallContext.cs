namespace Grpc.Core;

/// <summary>One call as its service sees it.</summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? userState;

    /// <summary>The path on the wire: <c>/service/method</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The authority that the client addressed.</summary>
    public string Host => HostCore;

    /// <summary>The address of the client: <c>ipv4:127.0.0.1:50123</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the client stops waiting, UTC; <see cref="DateTime.MaxValue"/> when it never does.</summary>
    public DateTime Deadline => DeadlineCore;

    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client goes away or the deadline passes.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Sent after the last message, with the status.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place for interceptors to leave things for the service.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    protected abstract string MethodCore { get; }

    protected abstract string HostCore { get; }

    protected abstract string PeerCore { get; }

    protected abstract DateTime DeadlineCore { get; }

    protected abstract Metadata RequestHeadersCore { get; }

    protected abstract CancellationToken CancellationTokenCore { get; }

    protected abstract Metadata ResponseTrailersCore { get; }

    protected abstract Status StatusCore { get; set; }

    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    protected abstract AuthContext AuthContextCore { get; }

    protected virtual IDictionary<object, object> UserStateCore => userState ??= [];

    /// <summary>Sends the response headers now; afterwards they cannot be changed.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);
}
