using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Gets the object that serves a call: the registered one, or a new one per call, disposed after it.</summary>
/// <param name="registered">Whether the container makes it.</param>
/// <param name="root">The application's services when it is a singleton; it is got at the first call.</param>
internal sealed class ServiceActivator<TService>(bool registered, IServiceProvider? root) where TService : class
{
    private TService? singleton;

    private static readonly bool Disposable =
        typeof(IDisposable).IsAssignableFrom(typeof(TService)) || typeof(IAsyncDisposable).IsAssignableFrom(typeof(TService));

    private readonly ObjectFactory<TService>? factory = registered ? null : ActivatorUtilities.CreateFactory<TService>([]);

    public TService Get(ServerCallContext context)
    {
        if (root is not null)
            return singleton ??= root.GetRequiredService<TService>();
        var services = context.GetHttpContext().RequestServices;
        return factory is null ? services.GetRequiredService<TService>() : factory(services, []);
    }

    /// <summary>Runs the call and then disposes the service, where it is ours to dispose.</summary>
    public Task<T> ReleaseAfter<T>(TService service, Task<T> call) => factory is null || !Disposable ? call : AwaitThenDispose(service, call);

    public Task ReleaseAfter(TService service, Task call) => factory is null || !Disposable ? call : AwaitThenDispose(service, call);

    private static async Task<T> AwaitThenDispose<T>(TService service, Task<T> call)
    {
        try
        {
            return await call;
        }
        finally
        {
            await DisposeAsync(service);
        }
    }

    private static async Task AwaitThenDispose(TService service, Task call)
    {
        try
        {
            await call;
        }
        finally
        {
            await DisposeAsync(service);
        }
    }

    private static async ValueTask DisposeAsync(TService service)
    {
        if (service is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (service as IDisposable)?.Dispose();
    }
}
