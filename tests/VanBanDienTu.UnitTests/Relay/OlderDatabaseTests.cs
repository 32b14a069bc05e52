using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>A database that was put back to an older state by other means than <c>vbdt restore</c>: the node notices by itself.</summary>
public sealed class OlderDatabaseTests(RelayKeys keys) : IDisposable, IClassFixture<RelayKeys>
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_node_on_an_older_database_does_not_start_until_it_is_marked_and_no_number_means_two_things()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var unit = nodes.Unit;
        await unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        await unit.Node.DisposeAsync();
        Copy(unit.Options.DataFolder, _folder["older"]);
        await unit.OpenAsync();
        var before = await NumbersAsync(unit);
        await unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        var issued = await NumbersAsync(unit);
        Assert.True(issued.Count > before.Count);
        await unit.Node.AbandonAsync(); // killed: the mark has what was told
        Copy(_folder["older"], unit.Options.DataFolder);

        for (var again = 0; again < 2; again++)
        {
            var refused = await Assert.ThrowsAsync<RelayException>(unit.OpenAsync);
            Assert.Equal(RelayFault.DatabaseOlder, refused.Fault);
            Assert.Contains("vbdt restore --mark", refused.Vi, StringComparison.Ordinal);
            Assert.Contains("vbdt restore --mark", refused.Message, StringComparison.Ordinal);
        }

        NodeRestore.Mark(unit.Options.DataFolder, keys.Time.GetUtcNow(), keys.Time);
        await unit.OpenAsync();
        await nodes.SettleAsync();
        await unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        foreach (var (number, id) in await NumbersAsync(unit))
            Assert.True(!issued.TryGetValue(number, out var was) || was == id, $"{number} means {was} and {id}");
        await unit.KillAndReopenAsync();
        await unit.Node.DisposeAsync();
        await unit.OpenAsync();
        Assert.Null(await unit.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    [Fact]
    public async Task A_database_that_went_on_by_itself_is_noticed_though_it_is_longer()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var unit = nodes.Unit;
        await unit.Node.DisposeAsync();
        Copy(unit.Options.DataFolder, _folder["older"]);
        await unit.OpenAsync();
        await unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        await unit.Node.DisposeAsync();

        // The older one under a data folder that knows nothing, as when a gateway moved to another machine.
        var (home, away) = (unit.Options, unit.Options with { DataFolder = _folder["away"] });
        Copy(_folder["older"], away.DataFolder);
        unit.Options = away;
        await unit.OpenAsync();
        for (var i = 0; i < 3; i++)
            await unit.SubmitAsync("H99");
        await nodes.SettleAsync();
        await unit.Node.DisposeAsync();
        Copy(away.DataFolder, home.DataFolder);
        unit.Options = home;
        Assert.Equal(RelayFault.DatabaseOlder, (await Assert.ThrowsAsync<RelayException>(unit.OpenAsync)).Fault);
        unit.Options = away;
        await unit.OpenAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The database's files in place of those that are there; nothing else.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var old in Directory.GetFiles(to, $"{StoredData.FileName}*"))
            File.Delete(old);
        foreach (var file in Directory.GetFiles(from, $"{StoredData.FileName}*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static async Task<Dictionary<long, string>> NumbersAsync(TestNode node) =>
        (await node.Node.Evidence.AfterAsync(0, 10_000, default)).ToDictionary(e => e.Sequence, e => e.Evidence.EvidenceId);
}
