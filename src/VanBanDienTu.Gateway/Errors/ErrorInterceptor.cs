using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Gateway.Errors;

/// <summary>Outermost: every exception leaves as google.rpc.Status; what we do not know is logged and leaves without its details.</summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translated(e, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translated(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translated(e, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translated(e, context);
        }
    }

    private RpcException Translated(Exception e, ServerCallContext context)
    {
        if (ErrorTranslation.Translate(e) is { } known)
        {
            if (known.Reason is "STORAGE_UNAVAILABLE" or "PAYLOAD_DAMAGED")
                LogStorage(context.Method, known.Reason, known.En);
            else
                LogRefused(context.Method, known.Code, known.Reason, known.En, context.Peer);
            return known.ToException();
        }

        if (context.CancellationToken.IsCancellationRequested || IsBrokenStream(e))
            return new RpcException(new Status(StatusCode.Cancelled, "The caller went away, or the deadline passed."));
        LogDefect(e, context.Method);
        return new RichError(StatusCode.Internal, "INTERNAL",
            "Lỗi nội bộ của nút; chi tiết đã ghi trong nhật ký. Không có gì bị mất; hãy gửi lại với cùng mã yêu cầu.",
            "Internal error of the node; its log has the details. Nothing is lost: repeat with the same request id.").ToException();
    }

    // Kestrel says «the client reset the request stream» a moment before it cancels the call. Errors of files carry an errno instead.
    private static bool IsBrokenStream(Exception e) => e is IOException { HResult: unchecked((int)0x80131620) } and not FileNotFoundException;

    [LoggerMessage(EventId = 1, EventName = "CallRefused", Level = LogLevel.Information,
        Message = "{Method} from {Peer} refused: {Code} {Reason}: {Sentence}")]
    private partial void LogRefused(string method, StatusCode code, string reason, string sentence, string peer);

    [LoggerMessage(EventId = 3, EventName = "StorageFailed", Level = LogLevel.Error, Message = "{Method} failed by the node's storage: {Reason}: {Sentence}")]
    private partial void LogStorage(string method, string reason, string sentence);

    [LoggerMessage(EventId = 2, EventName = "CallFailed", Level = LogLevel.Error, Message = "{Method} failed by a defect of this program")]
    private partial void LogDefect(Exception exception, string method);
}
