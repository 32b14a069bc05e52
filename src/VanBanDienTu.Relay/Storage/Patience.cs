using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Waits for a database server that restarts.</summary>
internal static class Patience
{
    /// <summary>A server that restarts is back within this time: what waits to be written is worth the wait.</summary>
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(15);

    /// <summary>Who reads, readiness too, wants to know soon.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: the server does not answer.</exception>
    public static async Task<DbConnection> OpenAsync(Dialect dialect, bool readOnly, ILogger log, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await dialect.OpenAsync(readOnly, CancellationToken.None);
            }
            catch (Exception e) when (dialect.Judge(e) is StorageFailure.Lost)
            {
                if (watch.Elapsed + pause > (readOnly ? Reading : Writing) || stop.IsCancellationRequested)
                    throw Unavailable(e);
                log.LogDebug("The database does not answer yet: {Why}", e.Message);
            }

            await Task.Delay(pause, CancellationToken.None);
        }
    }

    public static RelayException Unavailable(Exception cause) => new(
        RelayFault.StorageUnavailable,
        $"Cơ sở dữ liệu của nút không trả lời ({cause.Message}): hãy thử lại sau.",
        $"The node's database does not answer ({cause.Message}): try again later.", cause)
    { RetryAfter = Reading };
}
