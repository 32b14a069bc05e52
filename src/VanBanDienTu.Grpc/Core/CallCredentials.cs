namespace Grpc.Core;

/// <summary>Which call credentials are asked for, and for which method.</summary>
public class AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken = default)
{
    public string ServiceUrl { get; } = serviceUrl;

    public string MethodName { get; } = methodName;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Adds credentials to a call's headers before it is sent.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

/// <summary>Credentials of single calls, such as a token; sent over TLS only unless the channel is told otherwise.</summary>
public abstract class CallCredentials
{
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new Intercepting([interceptor]);
    }

    public static CallCredentials Compose(params CallCredentials[] credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return new Intercepting(credentials.SelectMany(one => one.Interceptors).ToArray());
    }

    internal abstract IReadOnlyList<AsyncAuthInterceptor> Interceptors { get; }

    private sealed class Intercepting(IReadOnlyList<AsyncAuthInterceptor> interceptors) : CallCredentials
    {
        internal override IReadOnlyList<AsyncAuthInterceptor> Interceptors => interceptors;
    }
}

/// <summary>Credentials of a channel; the certificates themselves are set on its HTTP handler.</summary>
public abstract class ChannelCredentials
{
    /// <summary>Plain HTTP/2, without TLS.</summary>
    public static ChannelCredentials Insecure { get; } = new Plain(secure: false, calls: null);

    /// <summary>TLS as the channel's HTTP handler sets it up.</summary>
    public static ChannelCredentials SecureSsl { get; } = new Plain(secure: true, calls: null);

    internal abstract bool Secure { get; }

    internal abstract CallCredentials? Calls { get; }

    /// <summary>The channel's credentials together with some for every call on it.</summary>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        var all = channelCredentials.Calls is { } earlier ? CallCredentials.Compose(earlier, callCredentials) : callCredentials;
        return new Plain(channelCredentials.Secure, all);
    }

    private sealed class Plain(bool secure, CallCredentials? calls) : ChannelCredentials
    {
        internal override bool Secure => secure;

        internal override CallCredentials? Calls => calls;
    }
}
