using System.Globalization;
using System.Text.Json;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Members;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>The directory, as systems ask for it, and their own units in it. A list of any length streams out of the database.</summary>
internal sealed class AgencyLists(RelayNode relay, Replays replays)
{
    private const int MaxBody = 16 * 1024;

    public Task AllAsync(VxpCall call) => ListAsync(call, u => u is { Deleted: false, Locked: false, Successor: null }, synchronized: false);

    /// <summary>Units with a code of QĐ 20, at one level when it is given.</summary>
    public Task Qd20Async(VxpCall call)
    {
        var level = int.TryParse(call.Optional(VxpNames.Level), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return ListAsync(
            call,
            u => u is { Deleted: false, Locked: false, Successor: null } && OrganId.TryParse(u.Code, out var id) && id.Form == OrganIdForm.Qd20
                && (level == 0 || u.Code.Count(c => c == '.') + 1 == level),
            synchronized: false);
    }

    /// <summary>Everybody, with versions; those who are gone are told as deleted.</summary>
    public Task SynchronizeAsync(VxpCall call) => ListAsync(call, _ => true, synchronized: true);

    /// <summary>A unit behind the system's own: its documents begin and end here from now on.</summary>
    public async Task RegisterAsync(VxpCall call)
    {
        var body = await BodyAsync(call);
        await replays.OnceAsync(call, body, async () => // the body is not signed: a captured request must not carry another
        {
            var registration = Read(body);
            await relay.Units.RegisterAsync(
                call.System.SystemId, [.. call.System.Organs.Select(o => o.Organ)],
                new Unit(registration.Code, registration.Name) { Parent = registration.ParentCode, Mail = registration.Mail }, call.Aborted);
        });
        await call.AnswerAsync(VxpJson.Ok());
    }

    public async Task DeleteAsync(VxpCall call)
    {
        await replays.OnceAsync(
            call, null, () => relay.Units.WithdrawAsync(call.System.SystemId, call.Required(VxpNames.AgencyCode), call.Aborted));
        await call.AnswerAsync(VxpJson.Ok());
    }

    private static async Task<byte[]> BodyAsync(VxpCall call)
    {
        await using var body = new BoundedStream(call.Http.Request.Body, MaxBody);
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, call.Aborted);
        return bytes.ToArray();
    }

    private static VxpRegistration Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(new MemoryStream(body)); // as a stream: a BOM is passed over
            if (VxpReading.Registration(json.RootElement) is { } registration)
                return registration;
        }
        catch (JsonException)
        {
            // Answered below.
        }

        throw new VxpRefusal(VxpCode.FileInvalid, "Thân yêu cầu phải là JSON có code và name.", "The body must be JSON with code and name.");
    }

    private async Task ListAsync(VxpCall call, Func<Unit, bool> chosen, bool synchronized)
    {
        call.Http.Response.ContentType = "application/json; charset=utf-8";
        await VxpJson.WriteListAsync(
            call.Http.Response.Body, relay.Units.AllAsync(call.Aborted).Where(chosen).Select(ToVxp),
            (json, agency) => VxpJson.Write(json, agency, synchronized), call.Aborted);
    }

    private static VxpAgency ToVxp(Unit unit)
    {
        var dot = unit.Code.LastIndexOf('.');
        return new VxpAgency(
            unit.Code, unit.Parent ?? (dot > 0 ? unit.Code[..dot] : null), unit.Code, unit.Name, unit.Mail, unit.OldCode, unit.Version,
            Deleted: unit.Deleted || unit.Locked || unit.Successor is not null, Modified: unit.Changed);
    }
}
