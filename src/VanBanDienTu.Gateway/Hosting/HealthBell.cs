using Grpc.HealthCheck;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Relay;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>
/// Keeps grpc.health.v1 true: the node as a whole serves with trust anchors and a storage that answers;
/// OutgoingService also needs room on the disk, since new documents are refused without.
/// </summary>
internal sealed partial class HealthBell(
    HealthServiceImpl health, RelayNode relay, NodeState state, TimeProvider time, ILogger<HealthBell> log) : BackgroundService
{
    private const string Submissions = "vanbandientu.v1.OutgoingService";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private bool storageFailed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken); // before the listener opens
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            health.SetStatus("", ServingStatus.NotServing);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var diskFull = await DiskFullAsync(ct);
        var node = diskFull is not null && !state.Trust.IsEmpty;
        health.SetStatus("", Word(node));
        health.SetStatus(Submissions, Word(node && diskFull == false));
    }

    /// <summary>Null when the storage does not answer.</summary>
    private async Task<bool?> DiskFullAsync(CancellationToken ct)
    {
        try
        {
            var full = await relay.Health.DiskFullAsync(ct);
            storageFailed = false;
            return full;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!storageFailed)
                LogStorage(e); // once per failure, not every two seconds
            storageFailed = true;
            return null;
        }
    }

    private static ServingStatus Word(bool serving) => serving ? ServingStatus.Serving : ServingStatus.NotServing;

    [LoggerMessage(EventId = 13, EventName = "StorageFailed", Level = LogLevel.Error, Message = "The node's storage does not answer")]
    private partial void LogStorage(Exception exception);
}
