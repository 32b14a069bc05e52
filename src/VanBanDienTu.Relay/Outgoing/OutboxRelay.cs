using VanBanDienTu.Relay.Links;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Stop 3: one pump for each next hop, and one for the organs of this node itself.</summary>
internal sealed class OutboxRelay
{
    private readonly List<DestinationPump> pumps;

    public OutboxRelay(Ground ground, IEnumerable<IAxisLink> links, SendOutcome outcomes) =>
        pumps = [.. links.Select(link => new DestinationPump(ground, link, outcomes))];

    public async Task LoadAsync(CancellationToken ct)
    {
        foreach (var pump in pumps)
            await pump.LoadAsync(ct);
    }

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(pumps.Select(pump => Task.Run(() => pump.RunAsync(ct), CancellationToken.None)));

    /// <summary>Sends everything that is due now, to every destination; waits for the outcomes.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct) => (await Task.WhenAll(pumps.Select(pump => pump.RunOnceAsync(ct)))).Sum();
}
