using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.IntegrationTests.RelayNodes;

/// <summary>A real disk without a free byte (a small tmpfs; mounting it needs root).</summary>
public sealed class FullDiskTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Fact]
    public async Task With_no_free_byte_documents_are_refused_and_receipts_commit_from_the_reserve()
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.TryMount(folder["disk"], "24m", out var why);
        Assert.SkipWhen(disk is null, $"This machine does not let the tests mount a small disk: {why}");
        await using var nodes = await ThreeNodes.OpenAsync(
            keys, n => n.Unit.Options = n.Unit.Options with { DataFolder = disk.Path, ReserveBytes = 6 << 20 });
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        var before = await nodes.Unit.SubmissionAsync("G99");
        disk.Fill();

        var refused = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.SubmitAsync("G99"));
        Assert.Equal(RelayFault.DiskFull, refused.Fault);
        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Id;
        await nodes.Ministry.ConfirmAsync("G99", incoming);
        foreach (var code in (string[])["03", "04", "05", "06"])
            await nodes.Ministry.AnswerAsync("G99", incoming, code);
        for (var i = 0; i < 40; i++)
            await nodes.Ministry.AnswerAsync("G99", incoming, "05"); // enough to outgrow the log's free room
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Finished, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.False(File.Exists(Path.Combine(disk.Path, "reserve")));
        await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Submit.RunAsync(before, default));

        disk.Free();
        await nodes.Unit.Node.Submit.RunAsync(before, default);
        Assert.True(File.Exists(Path.Combine(disk.Path, "reserve")));
    }
}
