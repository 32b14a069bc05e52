using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>A system's connection to its node: a call that fails or takes too long is made again, on a new connection.</summary>
/// <param name="failed">Told what each failed call ended with.</param>
internal sealed class SystemLine(NodeAddress address, Action<string> failed) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(64);
    private TimeSpan patience = LeastPatience;
    private NodeConnection connection = NodeConnection.Open(address, TimeProvider.System);

    /// <summary>Waits longer after each call that got no answer: a machine that is busy with others is slow, not broken.</summary>
    public async Task<T> UntilAnsweredAsync<T>(Func<NodeConnection, CancellationToken, Task<T>> call, CancellationToken ct)
    {
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(patience);
            try
            {
                var answer = await call(connection, limit.Token);
                patience = LeastPatience;
                return answer;
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or IOException)
            {
                ct.ThrowIfCancellationRequested();
                failed(limit.IsCancellationRequested ? "no answer in time" : e is RpcException rpc ? rpc.StatusCode.ToString() : e.GetType().Name);
            }
            if (limit.IsCancellationRequested && patience < MostPatience) patience *= 2;
            connection.Dispose();
            await Task.Delay(Pause, ct);
            connection = NodeConnection.Open(address, TimeProvider.System);
        }
    }

    public void Dispose() => connection.Dispose();
}

internal static class Receipts
{
    public static Receipt ToReceipt(this Evidence evidence) =>
        new(evidence.EvidenceId, evidence.Event, evidence.Issuer, evidence.Json.Memory, evidence.Signature.Memory);
}
