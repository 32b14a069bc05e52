using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Links;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// Fetches what waits for us at the axis: list → fetch → raw bytes durable → messages durable → acknowledge. A duplicate is done; what can
/// never be taken is failed, with its bytes in quarantine; neither stops what comes behind it.
/// </summary>
internal sealed partial class VxpReceiver(VxpLink link, RelayNode relay, VxpIntake intake, TimeProvider time, ILogger<VxpReceiver> log) : BackgroundService
{
    /// <summary>Attempts on a packet that throws each time; then a person must look.</summary>
    private const int Attempts = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(link.Config.Vxp!.Poll, time);
        try
        {
            do
                await RoundAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is half done is found again in the list.
        }
    }

    /// <summary>Takes all that waits now.</summary>
    private async Task RoundAsync(CancellationToken ct)
    {
        foreach (var type in new[] { VxpMessageType.Document, VxpMessageType.Status })
        {
            try
            {
                var reply = await link.Client.ListReceivedAsync(type, ct);
                if (reply.Error is { } error)
                    LogRefused(link.Name, (int)error.Code, error.Description);
                foreach (var item in reply.Value ?? [])
                    await TakeAsync(item with { MessageType = type }, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or TimeoutException or IOException or AxisException)
            {
                LogUnreachable(link.Name, e.Message);
            }
        }
    }

    private async Task TakeAsync(VxpReceived item, CancellationToken ct)
    {
        try
        {
            var state = (await relay.Far.FindAsync(link.Name, item.DocId, ct))?.State;
            if (state is null or FarState.Taking)
                state = await TryAsync(item, ct);
            if (state is FarState.Done or FarState.Failed)
                await AcknowledgeAsync(item, state == FarState.Done ? VxpAcknowledgement.Done : VxpAcknowledgement.Fail, ct);
        }
        catch (RelayException e) when (e.Fault is RelayFault.DiskFull or RelayFault.Busy or RelayFault.QuotaExceeded or RelayFault.StorageUnavailable)
        {
            LogLater(link.Name, item.DocId, e.Message); // it waits over there as well as here
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or TimeoutException)
        {
            LogLater(link.Name, item.DocId, e.Message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(e, link.Name, item.DocId);
        }
    }

    /// <returns>Null = not settled, to be tried again in the next round.</returns>
    private async Task<FarState?> TryAsync(VxpReceived item, CancellationToken ct)
    {
        var attempt = await relay.Far.TakeAsync(link.Name, item.DocId, ct);
        try
        {
            var refusal = await intake.TakeAsync(item, ct);
            if (refusal is null)
                await relay.Far.DoneAsync(link.Name, item.DocId, ct);
            else
                await relay.Far.FailAsync(link.Name, item.DocId, refusal, ct);
            return refusal is null ? FarState.Done : FarState.Failed;
        }
        catch (Exception e) when (attempt >= Attempts && !ct.IsCancellationRequested
            && e is not (HttpRequestException or TimeoutException or RelayException { Fault: RelayFault.DiskFull or RelayFault.Busy or RelayFault.QuotaExceeded or RelayFault.StorageUnavailable }))
        {
            LogFailed(e, link.Name, item.DocId);
            await relay.Far.FailAsync(
                link.Name, item.DocId,
                new("PACKET_POISON", $"Không xử lý được gói tin sau {attempt} lần: {e.Message}", $"The packet could not be handled in {attempt} attempts: {e.Message}"), ct);
            return FarState.Failed;
        }
    }

    private async Task AcknowledgeAsync(VxpReceived item, VxpAcknowledgement acknowledgement, CancellationToken ct)
    {
        // Not told, it stays in the list and is told again.
        if ((await link.Client.UpdateStatusAsync(item.DocId, acknowledgement, ct)).Error is { } error)
            LogRefused(link.Name, (int)error.Code, error.Description);
    }

    [LoggerMessage(EventId = 42, EventName = "AxisRefused", Level = LogLevel.Warning, Message = "Link {Link}: the axis answers {Code}: {Why}")]
    private partial void LogRefused(string link, int code, string why);

    [LoggerMessage(EventId = 43, EventName = "AxisUnreachable", Level = LogLevel.Warning, Message = "Link {Link}: what waits at the axis cannot be fetched: {Why}")]
    private partial void LogUnreachable(string link, string why);

    [LoggerMessage(EventId = 44, EventName = "AxisPacketLater", Level = LogLevel.Information, Message = "Link {Link}: packet {DocId} is taken later: {Why}")]
    private partial void LogLater(string link, string docId, string why);

    [LoggerMessage(EventId = 45, EventName = "AxisPacketFailed", Level = LogLevel.Error, Message = "Link {Link}: packet {DocId} failed")]
    private partial void LogFailed(Exception exception, string link, string docId);
}
