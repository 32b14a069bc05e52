using System.Collections.Concurrent;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>A way to one server over HTTP/2; connections open with the first call. Make one and share it: calls run side by side.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker invoker;
    private readonly bool ownsInvoker;
    private readonly ConcurrentDictionary<string, Uri> methodAddresses = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource closing = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        Address = address;
        Options = options;
        Encodings = new Encodings(options.CompressionProviders);
        var secure = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is { } credentials && credentials.Secure != secure)
            throw new InvalidOperationException($"The channel's credentials do not fit the address {address}: https needs TLS credentials, http insecure ones.");
        Credentials = options.Credentials?.Calls;
        SendsCallCredentials = secure || options.UnsafeUseInsecureChannelCallCredentials;
        if (options is { HttpClient: not null, HttpHandler: not null })
            throw new ArgumentException("Give the channel an HttpClient or an HttpHandler, not both.", nameof(options));
        ownsInvoker = options.DisposeHttpClient || options is { HttpClient: null, HttpHandler: null };
        invoker = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? OwnHandler(secure), disposeHandler: ownsInvoker);
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal Encodings Encodings { get; }

    internal CallCredentials? Credentials { get; }

    internal bool SendsCallCredentials { get; }

    /// <summary>Whether the connections end with the channel.</summary>
    internal bool OwnsConnections => ownsInvoker;

    /// <summary>Cancelled when the channel ends.</summary>
    internal CancellationToken Closing => closing.Token;

    /// <param name="address">http (HTTP/2 without TLS) or https; its path goes before the method's.</param>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"The address of a gRPC server begins with http:// or https://, not with {address.Scheme}:.", nameof(address));
        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, this);
        return new HttpCallInvoker(this);
    }

    public void Dispose()
    {
        if (closing.IsCancellationRequested)
            return;
        closing.Cancel();
        if (ownsInvoker)
            invoker.Dispose();
    }

    internal Uri AddressOf(IMethod method) => methodAddresses.TryGetValue(method.FullName, out var known)
        ? known
        : methodAddresses.GetOrAdd(method.FullName, static (name, address) => new Uri(address, address.AbsolutePath.TrimEnd('/') + name), Address);

    /// <summary>The answer as soon as its headers are there.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => invoker is HttpClient client
        ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
        : invoker.SendAsync(request, cancellationToken);

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler OwnHandler(bool secure) => new()
    {
        EnableMultipleHttp2Connections = true, // else the calls past a server's stream limit queue without a word
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = secure,                     // HTTP/2 without TLS passes no proxy
        ActivityHeadersPropagator = null,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
    };
}
