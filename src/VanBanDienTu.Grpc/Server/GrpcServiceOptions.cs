using System.IO.Compression;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services answer. Set for all by <c>AddGrpc</c>, for one by <c>AddServiceOptions</c>, which wins where it says something.</summary>
public class GrpcServiceOptions
{
    private int? maxReceive;
    private int? maxSend;

    /// <summary>The longest message taken, in bytes; null: any. 4,194,304 (4 MiB) unless set.</summary>
    public int? MaxReceiveMessageSize
    {
        get => ReceiveLimitSet ? maxReceive : Frame.DefaultMaxReceiveSize;
        set => (maxReceive, ReceiveLimitSet) = (value, true);
    }

    /// <summary>The longest message sent, in bytes; null (unless set): any.</summary>
    public int? MaxSendMessageSize
    {
        get => maxSend;
        set => (maxSend, SendLimitSet) = (value, true);
    }

    /// <summary>Whether an unexpected exception's message goes to the client. Off unless set: it may hold secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of responses, such as <c>gzip</c>, for clients that accept it; null: none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The encodings known; gzip unless set.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Whether calls to unknown services and methods are left to other endpoints instead of answered UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Run in this order around every call; those of all services before those of one.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool ReceiveLimitSet { get; private set; }

    internal bool SendLimitSet { get; private set; }
}

/// <summary>The options of one service.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions where TService : class;
