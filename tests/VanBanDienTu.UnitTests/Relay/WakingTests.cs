using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>The clock stands still here: workers that only look now and then never look again.</summary>
public sealed class WakingTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Fact]
    public async Task A_submitted_document_is_prepared_and_sent_at_once_and_not_when_somebody_looks()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        using var stop = new CancellationTokenSource();
        var running = nodes.Unit.Node.RunAsync(stop.Token);
        for (var i = 0; i < 3; i++) // from the second one on the workers are idle
        {
            var document = await nodes.Unit.SubmitAsync("G99");
            await Eventually.TrueAsync(async () => (await nodes.Unit.DocumentAsync(document)).Deliveries is [{ State: DeliveryState.Relayed }]);
        }

        await stop.CancelAsync();
        await running;
    }
}
