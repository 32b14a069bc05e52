using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Access;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>
/// The hub as systems see it that were written for the national axis: the same operations at another address. Every answer is HTTP 200 with
/// status and ErrorCode, as there.
/// </summary>
internal sealed partial class VxpFace
{
    private readonly NodeState state;
    private readonly VxpAccess access;
    private readonly ILogger<VxpFace> log;
    private readonly FrozenDictionary<string, Func<VxpCall, Task>> operations;

    public VxpFace(NodeState state, VxpAccess access, PacketLists lists, PacketIntake intake, PacketDownload download, AgencyLists agencies, ILogger<VxpFace> log)
    {
        (this.state, this.access, this.log) = (state, access, log);
        operations = new Dictionary<string, Func<VxpCall, Task>>(StringComparer.Ordinal)
        {
            [VxpNames.SendEdoc] = intake.TakeAsync,
            [VxpNames.GetReceivedEdocList] = lists.ReceivedAsync,
            [VxpNames.GetSentEdocList] = lists.SentAsync,
            [VxpNames.UpdateStatus] = lists.UpdateStatusAsync,
            [VxpNames.CountReceiveEdoc] = call => lists.CountAsync(call, VxpMessageType.Document),
            [VxpNames.CountReceiveStatus] = call => lists.CountAsync(call, VxpMessageType.Status),
            [VxpNames.GetEdoc] = download.GetAsync,
            [VxpNames.DownloadEdoc] = download.DownloadAsync,
            [VxpNames.RegisterAgency] = agencies.RegisterAsync,
            [VxpNames.DeleteAgency] = agencies.DeleteAsync,
            [VxpNames.GetAgenciesList] = agencies.AllAsync,
            [VxpNames.GetAgenciesListQd20] = agencies.Qd20Async,
            [VxpNames.GetSynchronizeUnit] = agencies.SynchronizeAsync,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        var slash = path.LastIndexOf('/');
        if (slash < 0 || path[..slash] != state.Directory.Config.Vxp?.Path.TrimEnd('/') || !operations.TryGetValue(path[(slash + 1)..], out var operation))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await operation(access.Demand(http));
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            var error = VxpRefusal.Of(e);
            if (error is null)
                LogDefect(e, path[(slash + 1)..]);
            await RefuseAsync(http, error ?? new VxpError(VxpCode.InternalError, "Lỗi nội bộ của trục: hãy gửi lại sau."));
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            LogGone(path[(slash + 1)..], e.Message);
        }
    }

    private static async Task RefuseAsync(HttpContext http, VxpError error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort(); // half an answer must not look like a whole one
            return;
        }

        var json = VxpJson.Failed(error);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    [LoggerMessage(EventId = 40, EventName = "VxpDefect", Level = LogLevel.Error, Message = "VXP operation {Operation} failed")]
    private partial void LogDefect(Exception exception, string operation);

    [LoggerMessage(EventId = 41, EventName = "VxpCallerGone", Level = LogLevel.Debug, Message = "VXP operation {Operation}: its caller went away ({Why})")]
    private partial void LogGone(string operation, string why);
}
