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

/// <summary>Remembers, per application, that the answer to unknown methods is mapped.</summary>
internal sealed class GrpcMarker
{
    public bool UnknownMethodsMapped { get; set; }
}
