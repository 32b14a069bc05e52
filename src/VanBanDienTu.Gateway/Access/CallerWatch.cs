using Microsoft.Extensions.Hosting;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Certificates and memberships end by themselves, or are revoked: open calls are judged again now and then.</summary>
internal sealed class CallerWatch(NodeConfig config, PeerRevocation revocation, OpenCalls open, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = config.Trust.PeerRevocationEvery < Longest ? config.Trust.PeerRevocationEvery : Longest;
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await revocation.RefreshAsync(stoppingToken);
                open.JudgeAgain();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }
}
