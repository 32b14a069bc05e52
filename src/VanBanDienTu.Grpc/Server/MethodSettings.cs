using System.IO.Compression;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>The options that hold for one service, worked out once when it is mapped.</summary>
internal sealed class MethodSettings
{
    public MethodSettings(GrpcServiceOptions all, GrpcServiceOptions one, TimeProvider time)
    {
        Time = time;
        MaxReceive = one.ReceiveLimitSet ? one.MaxReceiveMessageSize : all.MaxReceiveMessageSize;
        MaxSend = one.SendLimitSet ? one.MaxSendMessageSize : all.MaxSendMessageSize;
        DetailedErrors = one.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false;
        Encodings = new Encodings(one.CompressionProviders ?? all.CompressionProviders);
        Level = one.ResponseCompressionLevel ?? all.ResponseCompressionLevel;
        Interceptors = [.. all.Interceptors, .. one.Interceptors];
        var algorithm = one.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        if (!Encodings.TryFind(algorithm, out var compression))
            throw new InvalidOperationException($"The response encoding '{algorithm}' has no compression provider; there are: {Encodings.Accepted}.");
        Compression = compression;
    }

    public TimeProvider Time { get; }

    public int? MaxReceive { get; }

    public int? MaxSend { get; }

    public bool DetailedErrors { get; }

    public Encodings Encodings { get; }

    public ICompressionProvider? Compression { get; }

    public CompressionLevel? Level { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
