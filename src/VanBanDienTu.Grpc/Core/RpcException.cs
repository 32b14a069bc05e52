namespace Grpc.Core;

/// <summary>A call ended with something other than OK; thrown by clients, and by services to choose the answer's status.</summary>
public class RpcException : Exception
{
    public RpcException(Status status) : this(status, Metadata.Empty) { }

    public RpcException(Status status, string message) : this(status, Metadata.Empty, message) { }

    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString()) { }

    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailing metadata that came (or is to be sent) with the status; never null.</summary>
    public Metadata Trailers { get; }
}
