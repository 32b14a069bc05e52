using Grpc.Core;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Client;

/// <summary>Repeats a transfer whose connection was cut, as long as each attempt brings something over or the node may still be starting.</summary>
internal static class CutOff
{
    /// <summary>Attempts in a row that moved nothing; with the waits between them about two minutes.</summary>
    private const int MostInVain = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <param name="attempt">Goes on where the other side is.</param>
    /// <exception cref="RpcException">The node said no, was never there, or stayed away.</exception>
    public static async Task<T> RetryAsync<T>(Transfer transfer, Func<Task<T>> attempt, CancellationToken ct)
    {
        for (var vain = 0; ;)
        {
            var moved = transfer.Moved;
            try
            {
                return await attempt();
            }
            catch (RpcException e) when (!ct.IsCancellationRequested && transfer.Moved > 0 && vain < MostInVain && IsCut(e))
            {
                vain = transfer.Moved > moved ? 0 : vain + 1;
                var wait = TimeSpan.FromSeconds(Math.Min(1 << vain, LongestWait.TotalSeconds));
                transfer.CutOff(e.Status.Detail, wait);
                await Task.Delay(wait, ct);
            }
        }
    }

    /// <summary>The connection went, the node stops or starts, or another connection still has the upload; not what it says about the document.</summary>
    private static bool IsCut(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => true,
        StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown => RpcFailure.ReasonOf(e) is null,
        StatusCode.OutOfRange => RpcFailure.ReasonOf(e) == "OFFSET_UNKNOWN",
        StatusCode.ResourceExhausted => RpcFailure.ReasonOf(e) == "BUSY",
        StatusCode.InvalidArgument => RpcFailure.ReasonOf(e) == "CHUNK_DAMAGED",
        _ => false,
    };
}
