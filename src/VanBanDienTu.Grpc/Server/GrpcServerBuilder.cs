using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Continues what <c>AddGrpc</c> began.</summary>
public interface IGrpcServerBuilder
{
    IServiceCollection Services { get; }
}

internal sealed class GrpcServerBuilder(IServiceCollection services) : IGrpcServerBuilder
{
    public IServiceCollection Services => services;
}

/// <summary>What one application's gRPC knows about it.</summary>
internal sealed class GrpcMarker(IServiceCollection services)
{
    /// <summary>Whether one object of this type serves all calls, so that a call needs no scope for it.</summary>
    public bool IsSingleton(Type type) =>
        services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == type)?.Lifetime == ServiceLifetime.Singleton;

    public bool UnknownMethodsMapped { get; set; }
}
