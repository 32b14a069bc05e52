namespace Grpc.Net.Client;

/// <summary>The response stream of a call.</summary>
internal sealed class ResponseReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class where TResponse : class
{
    private TResponse? current;
    private int reading;

    public TResponse Current => current ?? throw new InvalidOperationException("There is no message: MoveNext was not awaited, or it was false.");

    /// <summary>Cancelling the token cancels the call: half a message cannot be given back.</summary>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1)
            throw new InvalidOperationException("A read is still under way: await it before the next one.");
        try
        {
            using var registration = cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), call);
            var received = await call.ReadAsync();
            current = received.Message;
            return received.Found;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }
}
