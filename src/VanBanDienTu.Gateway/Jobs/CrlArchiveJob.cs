using Microsoft.Extensions.Logging;
using Quartz;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Jobs;

/// <summary>
/// Once a day: keeps the configured authorities' CRLs (danh sách thu hồi) under a timestamp. It looks every hour, so that a day on
/// which an authority was silent, or the node stood still, is made up for.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class CrlArchiveJob(NodeConfig config, NodeSigning signing, RelayNode relay, TimeProvider time, ILogger<CrlArchiveJob> log) : IJob
{
    // Less than a day, or each day's list would come an hour later than the one before.
    private static readonly TimeSpan Due = TimeSpan.FromHours(23);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var lists = new List<(string Url, ReadOnlyMemory<byte> Crl)>();
        foreach (var url in config.Archive.Crls)
        {
            if (await relay.Verdicts.CrlKeptAtAsync(url, cancellationToken) is { } kept && time.GetUtcNow() - kept < Due)
                continue;
            var (crl, why) = await signing.DownloadCrlAsync(url, cancellationToken);
            if (crl is { } list)
                lists.Add((url, list));
            else
                LogNotFetched(url, why?.En);
        }

        if (lists.Count > 0)
            await KeepAsync(lists, cancellationToken);
    }

    private async Task KeepAsync(List<(string Url, ReadOnlyMemory<byte> Crl)> lists, CancellationToken ct)
    {
        try
        {
            await relay.Verdicts.KeepCrlsAsync(lists, ct);
            LogKept(lists.Count);
        }
        catch (SigningException e)
        {
            LogNotKept(e.Message);
        }
    }

    [LoggerMessage(EventId = 22, EventName = "CrlsKept", Level = LogLevel.Information, Message = "{Count} CRLs are kept under a timestamp")]
    private partial void LogKept(int count);

    [LoggerMessage(EventId = 23, EventName = "CrlNotFetched", Level = LogLevel.Warning, Message = "The CRL {Url} was not kept today, tried again in an hour: {Why}")]
    private partial void LogNotFetched(string url, string? why);

    [LoggerMessage(EventId = 24, EventName = "CrlsNotKept", Level = LogLevel.Warning, Message = "No timestamp for today's CRLs, tried again in an hour: {Why}")]
    private partial void LogNotKept(string why);
}
