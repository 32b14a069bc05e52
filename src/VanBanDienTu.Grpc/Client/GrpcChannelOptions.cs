using Grpc.Framing;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Null: plain for http addresses, TLS for https.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The longest message sent, in bytes; null: any.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The longest message taken, in bytes; null: any. 4,194,304 (4 MiB) unless set.</summary>
    public int? MaxReceiveMessageSize { get; set; } = Frame.DefaultMaxReceiveSize;

    /// <summary>The encodings known; gzip unless set.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The client to send with; at most one of this and <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler to send with; it brings its own TLS settings. Null: one of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes the client or handler it was given. Its own one it always disposes.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a call that was cancelled or ran out of time throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials also travel without TLS.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>The clock of deadlines; the system's unless set.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;
}
