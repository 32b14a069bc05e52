using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What an endpoint that came from a gRPC method carries as metadata.</summary>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    public Type ServiceType { get; } = serviceType;

    public IMethod Method { get; } = method;
}

/// <summary>Makes one endpoint of each method that the generated code of a service lists.</summary>
internal sealed class ServiceMapper<TService>(
    IEndpointRouteBuilder endpoints, MethodSettings settings, ServiceActivator<TService> activator, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly List<IEndpointConventionBuilder> mapped = [];

    public IReadOnlyList<IEndpointConventionBuilder> Map()
    {
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from the base class of a generated gRPC service.");
        var bind = attribute.BindType.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(m => m.Name == attribute.BindMethodName && m.GetParameters() is [var binder, _] && binder.ParameterType == typeof(ServiceBinderBase));
        bind.Invoke(null, [this, null]);
        return mapped;
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var (found, invoke) = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, typeof(TRequest), typeof(ServerCallContext));
        UnaryServerMethod<TRequest, TResponse> call = (request, context) =>
        {
            var service = activator.Get(context);
            return activator.ReleaseAfter(service, invoke(service, request, context));
        };
        Add(method, found, new UnaryHandler<TRequest, TResponse>(method, settings, logger, InterceptorPipeline.Around(settings.Interceptors, call)));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (found, invoke) = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        ClientStreamingServerMethod<TRequest, TResponse> call = (requests, context) =>
        {
            var service = activator.Get(context);
            return activator.ReleaseAfter(service, invoke(service, requests, context));
        };
        Add(method, found, new ClientStreamingHandler<TRequest, TResponse>(method, settings, logger, InterceptorPipeline.Around(settings.Interceptors, call)));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (found, invoke) = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        ServerStreamingServerMethod<TRequest, TResponse> call = (request, responses, context) =>
        {
            var service = activator.Get(context);
            return activator.ReleaseAfter(service, invoke(service, request, responses, context));
        };
        Add(method, found, new ServerStreamingHandler<TRequest, TResponse>(method, settings, logger, InterceptorPipeline.Around(settings.Interceptors, call)));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (found, invoke) = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        DuplexStreamingServerMethod<TRequest, TResponse> call = (requests, responses, context) =>
        {
            var service = activator.Get(context);
            return activator.ReleaseAfter(service, invoke(service, requests, responses, context));
        };
        Add(method, found, new DuplexStreamingHandler<TRequest, TResponse>(method, settings, logger, InterceptorPipeline.Around(settings.Interceptors, call)));
    }

    private static (MethodInfo Found, TDelegate Invoke) Open<TDelegate>(IMethod method, params Type[] parameters) where TDelegate : Delegate
    {
        var found = typeof(TService).GetMethod(method.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method for {method.FullName}.");
        return (found, found.CreateDelegate<TDelegate>());
    }

    private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodInfo found, CallHandler<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class
    {
        object[] metadata =
        [
            .. typeof(TService).GetCustomAttributes(inherit: true),
            .. found.GetCustomAttributes(inherit: true),
            new HttpMethodMetadata([HttpMethods.Post]),
            new GrpcMethodMetadata(typeof(TService), method),
        ];
        mapped.Add(endpoints.Map(RoutePatternFactory.Parse(method.FullName), handler.HandleAsync)
            .WithDisplayName("gRPC - " + method.FullName)
            .WithMetadata(metadata));
    }
}
