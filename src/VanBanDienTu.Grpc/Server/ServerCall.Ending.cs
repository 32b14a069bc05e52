using Grpc.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

internal sealed partial class ServerCall
{
    /// <summary>The longest due time a timer takes; a later deadline needs none.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private static readonly Status DeadlineStatus = new(StatusCode.DeadlineExceeded, "The deadline passed before the call was done.");

    private ITimer? deadlineTimer;
    private bool deadlinePassed;
    private TaskCompletionSource? writeEnded;
    private TaskCompletionSource? deadlineClose;

    /// <summary>Ends the call with the handler's outcome, unless the deadline ended it before.</summary>
    public async ValueTask EndAsync(Exception? failure, ILogger logger)
    {
        int found;
        while ((found = Interlocked.CompareExchange(ref gate, Closed, Idle)) == Writing)
            await WriteEndAsync();         // the handler left a write behind without awaiting it
        if (found == ClosedByDeadline)
            await deadlineClose!.Task;     // until its answer is out, the request's objects are in use
        else
            WriteStatus(Outcome(failure, logger));

        deadlineTimer?.Dispose();          // a callback that just runs finds the gate closed
        cancellation?.Dispose();
    }

    private void StartDeadline(TimeSpan timeout)
    {
        var now = settings.Time.GetUtcNow().UtcDateTime;
        deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        if (timeout < LongestTimer)
            deadlineTimer = settings.Time.CreateTimer(static call => ((ServerCall)call!).PassDeadline(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancels the handler, then answers in its place: a handler that never looks up cannot keep the client waiting.</summary>
    private void PassDeadline()
    {
        Volatile.Write(ref deadlinePassed, true);
        TryCloseForDeadline();
        try
        {
            Volatile.Read(ref cancellation)?.Cancel();
        }
        catch (Exception e) when (e is AggregateException or ObjectDisposedException)
        {
            // A callback of the service failed, or the call ended in this moment: neither may end the timer's thread.
        }
    }

    private void TryCloseForDeadline()
    {
        var close = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref deadlineClose, close, null) is { } other)
            close = other;
        if (Interlocked.CompareExchange(ref gate, ClosedByDeadline, Idle) == Idle)
            _ = AnswerDeadlineAsync(close);
    }

    private async Task AnswerDeadlineAsync(TaskCompletionSource close)
    {
        try
        {
            WriteStatus(DeadlineStatus);
            await http.Response.CompleteAsync();
            http.Request.BodyReader.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The client is gone: there is nobody left to tell.
        }
        finally
        {
            close.TrySetResult();
        }
    }

    private Task WriteEndAsync()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref writeEnded, waiting);
        return Volatile.Read(ref gate) == Writing ? waiting.Task : Task.CompletedTask;
    }

    private Status Outcome(Exception? failure, ILogger logger)
    {
        if (Volatile.Read(ref deadlinePassed))
            return DeadlineStatus;
        switch (failure)
        {
            case null:
                return status;
            case RpcException rpc:
                ServerLog.RefusedByService(logger, method.FullName, rpc.Status.StatusCode, rpc.Status.Detail);
                foreach (var entry in rpc.Trailers)
                    ResponseTrailersCore.Add(entry);
                return rpc.Status;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new Status(StatusCode.ResourceExhausted, "The request body is larger than this server takes.");
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
                return new Status(StatusCode.Cancelled, "The client ended the call.");
            default:
                ServerLog.HandlerFailed(logger, method.FullName, failure);
                return new Status(
                    StatusCode.Unknown,
                    settings.DetailedErrors ? $"Exception was thrown by handler. {failure.GetType().Name}: {failure.Message}" : "Exception was thrown by handler.",
                    failure);
        }
    }

    /// <summary>Into the headers while nothing has been sent (trailers-only), else into the trailers.</summary>
    private void WriteStatus(Status end)
    {
        if (http.RequestAborted.IsCancellationRequested)
            return;
        var trailersOnly = !began && !http.Response.HasStarted;
        if (trailersOnly)
            http.Response.Headers.Remove(HeaderNames.Encoding);
        var target = trailersOnly ? http.Response.Headers : http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        ResponseHeaders.AppendStatus(target, end);
        if (responseTrailers is { Count: > 0 })
            ResponseHeaders.Append(target, responseTrailers);
    }
}
