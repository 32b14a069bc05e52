using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class DiskFullTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Fact]
    public async Task New_documents_are_refused_while_receipts_and_answers_still_commit()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        var waiting = await nodes.Unit.SubmissionAsync("G99");
        await nodes.SettleAsync();
        await FillAsync(nodes.Unit);

        var refused = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Submit.RunAsync(waiting, default));
        Assert.Equal((RelayFault.DiskFull, "DISK_FULL"), (refused.Fault, refused.Fault.Code()));
        Assert.NotNull(refused.RetryAfter);
        Assert.Contains((await nodes.Unit.Node.Health.ReportAsync(default)).Problems, p => p.Code == "DISK_FULL");

        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Id;
        await nodes.Ministry.ConfirmAsync("G99", incoming);
        await nodes.Ministry.AnswerAsync("G99", incoming, "03");
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Accepted, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    [Fact]
    public async Task A_full_peer_is_busy_for_documents_and_gets_them_when_it_has_room_again()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await FillAsync(nodes.Ministry);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal(DeliveryState.Queued, delivery.State);
        Assert.Contains("disk is full", delivery.LastError, StringComparison.Ordinal);

        nodes.Ministry.Options = nodes.Ministry.Options with { MinFreeBytes = 0 };
        await nodes.Ministry.KillAndReopenAsync();
        keys.Time.Advance(TimeSpan.FromMinutes(2));
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    /// <summary>A disk that has less free room than the node asks for.</summary>
    private static Task FillAsync(TestNode node)
    {
        node.Options = node.Options with { MinFreeBytes = long.MaxValue / 2 };
        return node.KillAndReopenAsync();
    }
}
