using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>A server with one behaviour and a client of it.</summary>
public sealed class Link : IAsyncDisposable
{
    private readonly GrpcHost host;

    private Link(GrpcHost host, GrpcChannelOptions options)
    {
        this.host = host;
        Channel = GrpcChannel.ForAddress(host.Address, options);
        Client = new TestService.TestServiceClient(Channel);
    }

    public GrpcChannel Channel { get; }

    public TestService.TestServiceClient Client { get; }

    public Uri Address => host.Address;

    public static async Task<Link> StartAsync(
        Behaviour behaviour,
        Action<GrpcServiceOptions>? grpc = null,
        Action<KestrelServerOptions>? kestrel = null,
        GrpcChannelOptions? channel = null,
        Action<IServiceCollection>? services = null)
    {
        var started = await GrpcHost.StartAsync<LambdaService>(grpc, kestrel, collection =>
        {
            collection.AddSingleton(behaviour);
            services?.Invoke(collection);
        });
        return new Link(started, channel ?? new GrpcChannelOptions());
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await host.DisposeAsync();
    }
}
