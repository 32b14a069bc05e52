using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>
/// Who calls: the system whose secret signed the headers, at a time near ours. What is not signed is not believed. A stranger learns nothing
/// about which system exists.
/// </summary>
internal sealed class VxpAccess(NodeState state, SecretFiles secrets, RelayNode relay, TimeProvider time)
{
    private static readonly string NoSecret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <exception cref="VxpRefusal">15.</exception>
    public VxpCall Demand(HttpContext http)
    {
        var (id, json, hash) = (Header(http, VxpNames.SystemId), Header(http, VxpNames.SignHeader), Header(http, VxpNames.HashHeader));
        var vxp = state.Directory.Config.Vxp;
        var system = vxp?.Systems.FirstOrDefault(s => string.Equals(s.SystemId, id, StringComparison.Ordinal));
        // A system that does not exist costs the same work as one that does.
        IReadOnlyList<string> known = system is null ? [] : secrets.Of(system.SecretFile);
        var holds = false;
        foreach (var secret in known.DefaultIfEmpty(NoSecret))
            holds |= VxpSignature.Holds(secret, json, hash);
        if (!holds || system is null || known.Count == 0)
            throw Wrong("Sai SystemId hoặc SecretKey.", "Wrong SystemId or SecretKey.");
        if (VxpSignature.Read(json) is not { } signed || signed.GetValueOrDefault(VxpNames.SystemId) != system.SystemId)
            throw Wrong("sign-header không đọc được hoặc không ghi systemid.", "sign-header cannot be read, or does not name the systemid.");
        foreach (var (name, value) in signed)
        {
            if (!string.Equals(Header(http, name), value, StringComparison.Ordinal))
                throw Wrong($"Header {VxpNames.Prefix}{name} khác với phần đã ký.", $"The header {VxpNames.Prefix}{name} differs from what is signed.");
        }

        DemandNow(signed.GetValueOrDefault(VxpNames.Timestamp), system.ClockWindow ?? vxp!.ClockWindow);
        return system.Locked
            ? throw Wrong($"Hệ thống {system.SystemId} đang bị khoá: hãy liên hệ người vận hành.", $"System {system.SystemId} is locked; speak to the operator.")
            : new VxpCall(http, system, signed, relay.Units.RegisteredBy(system.SystemId));
    }

    private void DemandNow(string? timestamp, TimeSpan window)
    {
        if (!VxpTimestamp.TryParse(timestamp, out var stated))
            throw Wrong("Header timestamp phải có dạng ddMMyyyyTHHmmss+mili giây và phải được ký.", "The timestamp must look like ddMMyyyyTHHmmss+milliseconds, and be signed.");
        var off = (time.GetUtcNow() - stated).Duration();
        if (off > window)
        {
            throw Wrong(
                $"Thời điểm của yêu cầu lệch {off.TotalSeconds:0} giây so với đồng hồ của trục, tối đa {window.TotalSeconds:0}: hãy tạo timestamp mới cho mỗi yêu cầu và chỉnh đồng hồ.",
                $"The request's timestamp is {off.TotalSeconds:0} seconds from our clock, at most {window.TotalSeconds:0}: take a new one for each request, and set the clock.");
        }
    }

    private static string Header(HttpContext http, string name) => http.Request.Headers[VxpNames.Prefix + name] is [{ } only] ? only : "";

    private static VxpRefusal Wrong(string vi, string en) => new(VxpCode.WrongCredentials, vi, en);
}
