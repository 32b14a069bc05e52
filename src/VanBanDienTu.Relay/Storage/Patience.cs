using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Waits for a database server that restarts.</summary>
internal static class Patience
{
    /// <summary>A server that restarts is back within this time; callers are told to come again after it.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(15);

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
                if (watch.Elapsed + pause > Longest || stop.IsCancellationRequested)
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
    { RetryAfter = Longest };
}
