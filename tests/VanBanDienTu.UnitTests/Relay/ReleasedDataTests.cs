using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Databases that released versions of this program left, each with a document in transit and one that was handed over.</summary>
public sealed class ReleasedDataTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Theory]
    [InlineData("relay-0001.db")]
    public async Task What_an_older_version_left_goes_on_where_it_was(string database)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n =>
        {
            var ministry = n.Ministry;
            ministry.Options = ministry.Options with { Retry = ministry.Options.Retry with { Horizon = TimeSpan.FromDays(36_500) } };
            Directory.CreateDirectory(ministry.Options.DataFolder);
            File.Copy(
                Path.Combine(Samples.Root, "tests/VanBanDienTu.UnitTests/Relay/Fixtures", database), Path.Combine(ministry.Options.DataFolder, "relay.db"));
        });
        var before = await nodes.Ministry.EvidenceAsync();
        Assert.Equal(4, before.Count);
        await nodes.SettleAsync();

        Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        var handed = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal(Acceptance.Refused, handed.Acceptance); // as it was before
        Assert.NotNull(handed.Confirmed);
        Assert.Null(await nodes.Ministry.Node.Evidence.FirstBrokenLinkAsync(default));
        Assert.Equal(before.Select(e => e.EvidenceId), (await nodes.Ministry.EvidenceAsync()).Take(4).Select(e => e.EvidenceId));
        Assert.Equal(
            (await nodes.Ministry.Node.Evidence.AfterAsync(0, 100, default)).Select((_, i) => i + 1L),
            (await nodes.Ministry.Node.Evidence.AfterAsync(0, 100, default)).Select(e => e.Sequence));
    }
}
