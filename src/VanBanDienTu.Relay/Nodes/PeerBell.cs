using Microsoft.Extensions.Logging;
using Npgsql;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Nodes;

/// <summary>
/// Tells the other nodes of a shared database that something was committed, and hears it from them (NOTIFY, LISTEN). Only a hint:
/// behind it everyone polls, so what is missed while the server restarts is found a moment later.
/// </summary>
internal sealed class PeerBell(Ground ground, PostgresStorage storage)
{
    private const string Channel = "vbdt";

    /// <summary>
    /// Notifying transactions commit one after the other, and each makes every other node look for work: under load so many commits share
    /// one. The first after a pause rings at once.
    /// </summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ReconnectEvery = TimeSpan.FromSeconds(1);
    private readonly ILogger log = ground.Log<PeerBell>();

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        KeepAsync(ListenAsync, ct), KeepAsync(RingAsync, ct));

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await storage.Source.OpenConnectionAsync(ct);
        connection.Notification += (_, heard) =>
        {
            if (heard.Payload != ground.Options.Node)
                ground.WakeAll();
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        ground.WakeAll(); // what was committed while nobody listened
        while (true)
            await connection.WaitAsync(ct);
    }

    private async Task RingAsync(CancellationToken ct)
    {
        var told = 0L;
        while (true)
        {
            var committed = ground.Database.Written.Next;
            if (ground.Database.Commits is var commits && commits == told)
            {
                await committed.WaitAsync(ct);
                continue;
            }

            told = commits;
            await using (var notify = storage.Unhurried.CreateCommand($"SELECT pg_notify('{Channel}', $1)"))
            {
                notify.Parameters.Add(new() { Value = ground.Options.Node });
                await notify.ExecuteNonQueryAsync(ct);
            }

            await Task.Delay(AtMostEvery, CancellationToken.None);
        }
    }

    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogDebug("The bell between nodes is silent for a moment: {Why}", e.Message);
                await Task.Delay(ReconnectEvery, CancellationToken.None);
            }
        }
    }
}
