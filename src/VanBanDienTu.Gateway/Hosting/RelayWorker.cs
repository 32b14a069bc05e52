using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>Runs the relay's workers beside the listener. When they fail the node ends: it must not take what it cannot keep.</summary>
internal sealed partial class RelayWorker : BackgroundService
{
    private readonly RelayNode relay;
    private readonly IHostApplicationLifetime lifetime;
    private readonly ILogger<RelayWorker> log;

    public RelayWorker(RelayNode relay, NodeState state, NodeSigning signing, IHostApplicationLifetime lifetime, ILogger<RelayWorker> log)
    {
        this.log = log;
        this.relay = relay;
        this.lifetime = lifetime;
        state.OnChange(() =>
        {
            relay.Use(state.Directory.Config.ToRelay());
            relay.Use(state.Trust, signing.Signer, signing.Verifier);
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
            LogFailed(e);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(EventId = 14, EventName = "RelayFailed", Level = LogLevel.Critical, Message = "The relay's workers ended; the node stops")]
    private partial void LogFailed(Exception exception);
}
