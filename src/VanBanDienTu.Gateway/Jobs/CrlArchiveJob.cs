using Microsoft.Extensions.Logging;
using Quartz;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Jobs;

/// <summary>
/// Once a day: keeps the configured authorities' CRLs (danh sách thu hồi) under a timestamp. It looks every hour, so that a day on
/// which an authority was silent, or the node stood still, is made up for. Of several gateways the first one does it.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class CrlArchiveJob(NodeConfig config, NodeSigning signing, RelayNode relay, ILogger<CrlArchiveJob> log) : IJob
{
    // Less than a day, or each day's list would come an hour later than the one before.
    private static readonly TimeSpan Due = TimeSpan.FromHours(23);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (await relay.Verdicts.KeepDueCrlsAsync(config.Archive.Crls, Due, DownloadAsync, cancellationToken) is > 0 and var kept)
                LogKept(kept);
        }
        catch (SigningException e)
        {
            LogNotKept(e.Message);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> DownloadAsync(string url, CancellationToken ct)
    {
        var (crl, why) = await signing.DownloadCrlAsync(url, ct);
        if (crl is null)
            LogNotFetched(url, why?.En);
        return crl;
    }

    [LoggerMessage(EventId = 22, EventName = "CrlsKept", Level = LogLevel.Information, Message = "{Count} CRLs are kept under a timestamp")]
    private partial void LogKept(int count);

    [LoggerMessage(EventId = 23, EventName = "CrlNotFetched", Level = LogLevel.Warning, Message = "The CRL {Url} was not kept today, tried again in an hour: {Why}")]
    private partial void LogNotFetched(string url, string? why);

    [LoggerMessage(EventId = 24, EventName = "CrlsNotKept", Level = LogLevel.Warning, Message = "No timestamp for today's CRLs, tried again in an hour: {Why}")]
    private partial void LogNotKept(string why);
}
