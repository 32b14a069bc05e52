using System.Collections.Concurrent;
using System.Security.Cryptography;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>
/// Requests that act once: those whose body is not signed. The very same again (its answer was lost) is answered as the first one was and does
/// nothing more; the same signed headers never carry another body. All other requests may be repeated, because repeating them changes nothing.
/// </summary>
internal sealed class Replays(NodeConfig config, TimeProvider time)
{
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, First> seen = new(StringComparer.Ordinal);

    /// <param name="body">What is not signed; null = nothing.</param>
    /// <exception cref="VxpRefusal">20: the same signed headers came with another body. So do two requests of one system within one millisecond.</exception>
    public async Task OnceAsync(VxpCall call, byte[]? body, Func<Task> act)
    {
        var window = call.System.ClockWindow ?? config.Vxp!.ClockWindow;
        foreach (var (old, one) in seen)
        {
            if (seen.Count > Most || time.GetElapsedTime(one.At) > 2 * window) // beyond that its timestamp refuses it
                seen.TryRemove(old, out _);
        }

        var hash = call.Http.Request.Headers[VxpNames.Prefix + VxpNames.HashHeader].ToString().Trim().ToLowerInvariant();
        var first = seen.GetOrAdd($"{call.System.SystemId} {hash}", new First(SHA256.HashData(body ?? []), time.GetTimestamp()));
        if (!first.Body.AsSpan().SequenceEqual(SHA256.HashData(body ?? [])))
        {
            throw new VxpRefusal(
                VxpCode.InternalError, "Một yêu cầu khác đã mang cùng timestamp: hãy gửi lại với timestamp mới.",
                "Another request came with the same timestamp: send it again with a new one.");
        }

        if (first.Done)
            return;
        await act(); // failed, it may be tried again, with the same body
        first.Done = true;
    }

    private sealed class First(byte[] body, long at)
    {
        public byte[] Body => body;

        public long At => at;

        public bool Done { get; set; }
    }
}
