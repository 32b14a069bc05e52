using Microsoft.AspNetCore.Http;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>One request of a system that proved who it is.</summary>
/// <param name="Signed">The headers that it signed, by name without prefix: the only ones that are believed.</param>
/// <param name="Registered">Units that the system registered by itself.</param>
internal sealed record VxpCall(HttpContext Http, VxpSystemConfig System, IReadOnlyDictionary<string, string> Signed, IReadOnlyList<string> Registered)
{
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The units that it acts for.</summary>
    public IReadOnlyList<string> Organs { get; } = [.. System.Organs.Select(organ => organ.Organ), .. Registered];

    public string? Optional(string name) => Signed.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <exception cref="VxpRefusal">10: the header is missing, or not among the signed ones.</exception>
    public string Required(string name) => Optional(name) ?? throw new VxpRefusal(
        VxpCode.FileInvalid, $"Thiếu header {VxpNames.Prefix}{name} trong phần đã ký.", $"The header {VxpNames.Prefix}{name} is missing among the signed ones.");

    /// <exception cref="VxpRefusal">10.</exception>
    public Guid DocId() => Guid.TryParse(Required(VxpNames.DocId), out var id)
        ? id : throw new VxpRefusal(VxpCode.FileInvalid, "Không có gói tin với DocId này.", "There is no packet with this DocId.");

    /// <exception cref="VxpRefusal">10.</exception>
    public VxpMessageType MessageType() => VxpWords.TryParse(Required(VxpNames.MessageType), out VxpMessageType type)
        ? type : throw new VxpRefusal(VxpCode.FileInvalid, "messagetype phải là edoc hoặc status.", "messagetype must be edoc or status.");

    public async Task AnswerAsync(byte[] json)
    {
        Http.Response.ContentType = "application/json; charset=utf-8";
        Http.Response.ContentLength = json.Length;
        await Http.Response.Body.WriteAsync(json, Aborted);
    }
}
