using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay;

/// <summary>A loop over due work: woken by a signal, and by the clock in any case. One piece of work that throws never stops it.</summary>
internal static class Worker
{
    /// <param name="work">Does one piece; false when nothing is due.</param>
    public static async Task RunAsync(Func<CancellationToken, Task<bool>> work, Signal wake, Ground ground, ILogger log, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var woken = wake.Next;
            try
            {
                if (await work(ct))
                    continue;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "A piece of work failed; the worker goes on.");
            }

            try
            {
                await Signal.WaitAsync(woken, ground.Options.Poll, ground.Time, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
