using System.Collections.Concurrent;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>
/// Requests that may be made once: those whose body is not signed. All others may be repeated, because repeating them changes nothing.
/// </summary>
internal sealed class Replays(NodeConfig config, TimeProvider time)
{
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);

    /// <exception cref="VxpRefusal">15: the very same signed headers came before.</exception>
    public void DemandNew(VxpCall call)
    {
        var window = call.System.ClockWindow ?? config.Vxp!.ClockWindow;
        foreach (var (old, at) in seen)
        {
            if (seen.Count > Most || time.GetElapsedTime(at) > 2 * window) // beyond that its timestamp refuses it
                seen.TryRemove(old, out _);
        }

        var hash = call.Http.Request.Headers[VxpNames.Prefix + VxpNames.HashHeader].ToString().Trim().ToLowerInvariant();
        if (!seen.TryAdd($"{call.System.SystemId} {hash}", time.GetTimestamp()))
            throw new VxpRefusal(VxpCode.WrongCredentials, "Yêu cầu này đã được gửi: hãy tạo timestamp mới.", "This very request came before: take a new timestamp.");
    }
}
