namespace Grpc.AspNetCore.Server;

/// <summary>The requests of one call.</summary>
internal sealed class RequestStream<T>(ServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T> where T : class
{
    private T? current;
    private int reading;

    public T Current => current ?? throw new InvalidOperationException("There is no message: MoveNext was not awaited, or it was false.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1)
            throw new InvalidOperationException("A read is still under way: await it before the next one.");
        try
        {
            using var either = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
                : null;
            var received = await call.ReadMessageAsync(marshaller, either?.Token ?? call.CancellationToken);
            current = received.Message;
            return received.Found;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }
}

/// <summary>The responses of one call.</summary>
internal sealed class ResponseStream<T>(ServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T> where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        using var either = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
            : null;
        await call.WriteMessageAsync(message, marshaller, WriteOptions ?? call.WriteOptions, either?.Token ?? call.CancellationToken);
    }
}
