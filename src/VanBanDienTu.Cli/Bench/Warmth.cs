using System.Runtime;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Whether the runtime of this process still compiles what every document needs: a node that runs for months has that behind it.</summary>
internal static class Warmth
{
    private const int FewMethods = 10;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Returns when hardly anything was compiled under load for some seconds, or after two minutes; the row <c>methods-compiled</c> shows what was left.</summary>
    public static async Task SettleAsync(CancellationToken ct)
    {
        var end = Longest;
        for (var before = -FewMethods; end > TimeSpan.Zero; end -= Slice)
        {
            await Task.Delay(Slice, ct);
            var now = (int)JitInfo.GetCompiledMethodCount();
            if (before >= 0 && now - before < FewMethods)
                return;
            before = now;
        }
    }
}
