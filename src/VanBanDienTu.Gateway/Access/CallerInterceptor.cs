using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Judges every call before its method runs, and ends it when its caller is locked meanwhile.</summary>
internal sealed class CallerInterceptor(NodeState state, CallerJudge judge, OpenCalls open) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, judged => continuation(request, judged));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, judged => continuation(requestStream, judged));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, judged => Void(continuation(request, responseStream, judged)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, judged => Void(continuation(requestStream, responseStream, judged)));

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<ServerCallContext, Task<T>> method)
    {
        var http = context.GetHttpContext();
        context.UserState["__HttpContext"] = http; // where GetHttpContext looks when the context is not the server's own
        var presented = PresentedCertificate.Of(http);
        using var call = open.Enter(context.Method, presented, context.CancellationToken); // first: a lock that comes now must find it
        try
        {
            if (!AccessRules.IsOpen(context.Method))
            {
                await judge.LearnAsync(presented, context.CancellationToken);
                context.SetCaller(Judge(context.Method, presented));
            }

            return await method(new JudgedCallContext(context, call.Token));
        }
        catch (RequestException refused) when (refused.Reason == PeerRevocation.Reason)
        {
            CloseConnection(http);
            throw;
        }
        catch (Exception) when (call.Refusal is not null)
        {
            if (call.Refusal.Reason == PeerRevocation.Reason)
                CloseConnection(http);
            throw call.Refusal;
        }
    }

    /// <summary>After the answer: with this certificate nothing more comes over this connection.</summary>
    private static void CloseConnection(HttpContext http) => http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    private Caller Judge(string method, PresentedCertificate? presented)
    {
        var caller = judge.Judge(presented) switch
        {
            Judgement.Known known => known.Caller,
            Judgement.Refused refused => throw refused.Refusal,
            _ => throw new InvalidOperationException("A judgement is known or refused."),
        };
        return AccessRules.Refusal(method, caller, state.Directory) is { } refusal ? throw refusal : caller;
    }

    private static async Task<bool> Void(Task task)
    {
        await task;
        return true;
    }
}
