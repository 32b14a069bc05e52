using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.EndToEndTests.Nodes;

namespace VanBanDienTu.EndToEndTests.Kill;

/// <summary>Two hundred documents cross three nodes while the nodes are killed at random moments of the run.</summary>
/// <remarks>The load and the kills keep step: a tenth of the documents is never sent before a tenth of the kills has happened, so that
/// the kills fall into every stage of the run and not only into its beginning.</remarks>
internal sealed class Campaign(ThreeNodes nodes, int documents, int kills, int seed)
{
    private readonly Random random = new(seed);
    private int done;

    public UnderFire Senders { get; } = new(nodes, documents);

    public List<string> Kills { get; } = [];

    public async Task RunAsync(CancellationToken ct)
    {
        var pdf = await nodes.SignedByPersonAsync();
        await nodes.StartAllAsync(ct);
        await Task.WhenAll(
            KillAsync(ct),
            Senders.SendAllAsync(pdf, MaySend, ct),
            Senders.ReceiveAsync(SampleNetwork.MinistryOrgan, ct),
            Senders.ReceiveAsync(SampleNetwork.GovernmentOrgan, ct));
    }

    public override string ToString() =>
        $"{Kills.Count} kills, {Senders.Acknowledged.Count} of {documents} documents accepted, {Senders.Handovers.Count} handovers, {Senders.CallsRepeated} calls repeated";

    /// <summary>How many documents may be on their way by now.</summary>
    private int MaySend() => Math.Min(documents, (Volatile.Read(ref done) + 1) * documents / kills);

    private async Task KillAsync(CancellationToken ct)
    {
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(random.Next(0, 700), ct);
            var victim = nodes.Network.Nodes[random.Next(nodes.Network.Nodes.Count)];
            await nodes.KillAsync(victim);
            Kills.Add(victim.Name);
            await Task.Delay(random.Next(0, 300), ct);
            await nodes.StartAsync(victim, ct);
            Interlocked.Increment(ref done);
        }
    }
}
