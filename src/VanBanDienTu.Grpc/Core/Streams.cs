namespace Grpc.Core;

/// <summary>Reads a stream of messages, one <see cref="MoveNext"/> at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last successful <see cref="MoveNext"/> brought.</summary>
    T Current { get; }

    /// <summary>Waits for the next message; false at the end of the stream.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Writes a stream of messages; at most one write may be under way.</summary>
public interface IAsyncStreamWriter<in T>
{
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message; completes when the other side's window and our buffers took it.</summary>
    Task WriteAsync(T message);

    /// <summary>As <see cref="WriteAsync(T)"/>; cancelling ends the call, since half a message cannot be taken back.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException("This stream writer does not support cancellation of a write.")
        : WriteAsync(message);
}

/// <summary>A server's stream of responses.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>A client's stream of requests.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream; the server sees the end after the last message.</summary>
    Task CompleteAsync();
}
