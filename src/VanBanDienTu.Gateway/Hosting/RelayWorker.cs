using Microsoft.Extensions.Hosting;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>Runs the relay's workers beside the listener. When they fail the node ends: it must not take what it cannot keep.</summary>
internal sealed class RelayWorker : BackgroundService
{
    private readonly RelayNode relay;
    private readonly IHostApplicationLifetime lifetime;

    public RelayWorker(RelayNode relay, NodeState state, IHostApplicationLifetime lifetime)
    {
        this.relay = relay;
        this.lifetime = lifetime;
        state.OnChange(() =>
        {
            relay.Use(state.Directory.Config.ToRelay());
            relay.Use(state.Trust);
        });
    }

    /// <summary>Why the workers ended by themselves; null while they have not.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await relay.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (Exception e)
        {
            Failure = e;
            lifetime.StopApplication();
        }
    }
}
