using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Turns HTTP requests for one method into calls of it.</summary>
internal abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger)
    where TRequest : class where TResponse : class
{
    protected Method<TRequest, TResponse> Method => method;

    public Task HandleAsync(HttpContext http) => RequestCheck.Refuses(http) ? Task.CompletedTask : RunAsync(new ServerCall(http, settings, method));

    protected abstract ValueTask ServeAsync(ServerCall call);

    private async Task RunAsync(ServerCall call)
    {
        Exception? failure = null;
        try
        {
            call.Begin(method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming);
            await ServeAsync(call);
        }
        catch (Exception e)
        {
            failure = e; // whatever the service throws becomes the call's status
        }

        await call.EndAsync(failure, logger);
    }

    protected static TResponse Required(TResponse? response) => response
        ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
}

internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger, UnaryServerMethod<TRequest, TResponse> invoke)
    : CallHandler<TRequest, TResponse>(method, settings, logger)
    where TRequest : class where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var request = await call.ReadOnlyMessageAsync(Method.RequestMarshaller);
        var response = Required(await invoke(request, call));
        if (call.Status.StatusCode == StatusCode.OK)
            call.WriteOnlyMessage(response, Method.ResponseMarshaller);
    }
}

internal sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger, ClientStreamingServerMethod<TRequest, TResponse> invoke)
    : CallHandler<TRequest, TResponse>(method, settings, logger)
    where TRequest : class where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var response = Required(await invoke(new RequestStream<TRequest>(call, Method.RequestMarshaller), call));
        if (call.Status.StatusCode == StatusCode.OK)
            call.WriteOnlyMessage(response, Method.ResponseMarshaller);
    }
}

internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger, ServerStreamingServerMethod<TRequest, TResponse> invoke)
    : CallHandler<TRequest, TResponse>(method, settings, logger)
    where TRequest : class where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var request = await call.ReadOnlyMessageAsync(Method.RequestMarshaller);
        await invoke(request, new ResponseStream<TResponse>(call, Method.ResponseMarshaller), call);
    }
}

internal sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ILogger logger, DuplexStreamingServerMethod<TRequest, TResponse> invoke)
    : CallHandler<TRequest, TResponse>(method, settings, logger)
    where TRequest : class where TResponse : class
{
    protected override ValueTask ServeAsync(ServerCall call) => new(invoke(
        new RequestStream<TRequest>(call, Method.RequestMarshaller), new ResponseStream<TResponse>(call, Method.ResponseMarshaller), call));
}
