using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server;

/// <summary>Wraps a method in the interceptors of its service, once; each call then gets its interceptors by the registrations.</summary>
internal static class InterceptorPipeline
{
    public static UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, UnaryServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (inner, one) => (request, context) =>
        {
            var interceptor = Activate(one, context, out var dispose);
            var call = interceptor.UnaryServerHandler(request, context, inner);
            return dispose ? AwaitThenDispose(interceptor, call) : call;
        });

    public static ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ClientStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (inner, one) => (requests, context) =>
        {
            var interceptor = Activate(one, context, out var dispose);
            var call = interceptor.ClientStreamingServerHandler(requests, context, inner);
            return dispose ? AwaitThenDispose(interceptor, call) : call;
        });

    public static ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ServerStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (inner, one) => (request, responses, context) =>
        {
            var interceptor = Activate(one, context, out var dispose);
            var call = interceptor.ServerStreamingServerHandler(request, responses, context, inner);
            return dispose ? AwaitThenDispose(interceptor, call) : call;
        });

    public static DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, DuplexStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (inner, one) => (requests, responses, context) =>
        {
            var interceptor = Activate(one, context, out var dispose);
            var call = interceptor.DuplexStreamingServerHandler(requests, responses, context, inner);
            return dispose ? AwaitThenDispose(interceptor, call) : call;
        });

    private static Interceptor Activate(InterceptorRegistration registration, ServerCallContext context, out bool dispose)
    {
        var interceptor = registration.Activate(context.GetHttpContext(), out var owned);
        dispose = owned && interceptor is IDisposable or IAsyncDisposable;
        return interceptor;
    }

    private static async Task<T> AwaitThenDispose<T>(Interceptor interceptor, Task<T> call)
    {
        try
        {
            return await call;
        }
        finally
        {
            await DisposeAsync(interceptor);
        }
    }

    private static async Task AwaitThenDispose(Interceptor interceptor, Task call)
    {
        try
        {
            await call;
        }
        finally
        {
            await DisposeAsync(interceptor);
        }
    }

    private static async ValueTask DisposeAsync(Interceptor interceptor)
    {
        if (interceptor is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (interceptor as IDisposable)?.Dispose();
    }
}
