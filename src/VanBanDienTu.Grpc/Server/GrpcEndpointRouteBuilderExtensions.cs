using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps services to their paths.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Every method of the service becomes an endpoint <c>/package.Service/Method</c>.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder) where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.ServiceProvider;
        var marker = services.GetService<GrpcMarker>()
            ?? throw new InvalidOperationException("gRPC is not registered: call services.AddGrpc() first.");
        var all = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var one = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        var settings = new MethodSettings(all, one, services.GetService<TimeProvider>() ?? TimeProvider.System);
        foreach (var interceptor in settings.Interceptors)
            interceptor.Prepare(services, marker);
        var registered = services.GetService<IServiceProviderIsService>()?.IsService(typeof(TService)) ?? false;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");

        var mapped = new ServiceMapper<TService>(builder, settings, new ServiceActivator<TService>(registered, marker.IsSingleton(typeof(TService)) ? services : null), logger).Map();
        if (!marker.UnknownMethodsMapped && all.IgnoreUnknownServices != true)
        {
            marker.UnknownMethodsMapped = true;
            UnknownMethods.Map(builder);
        }

        return new GrpcServiceEndpointConventionBuilder(mapped);
    }
}

/// <summary>Adds conventions (authorization, host filters) to all endpoints of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => this.endpoints = endpoints;

    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in endpoints)
            endpoint.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var endpoint in endpoints)
            endpoint.Finally(finallyConvention);
    }
}
