using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>The directory of units: versions, pages, whose word counts, and what routing makes of it.</summary>
public abstract class UnitDirectoryTests(RelayKeys keys)
{
    [Fact]
    public async Task A_follower_gets_each_change_once_and_in_order()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var units = nodes.Government.Node.Units;
        var count = Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? 111_000 : 2_300;
        var all = Enumerable.Range(0, count).Select(i => new Unit($"H10.{i:000000}", $"Đơn vị số {i}") { Parent = "H10" }).ToList();
        Assert.Equal(new UnitChanges(count, 0), await units.PutAsync("axis", UnitAuthority.Followed, all, whole: true, default));
        Assert.Equal(new UnitChanges(0, 0), await units.PutAsync("axis", UnitAuthority.Followed, all, whole: true, default)); // nothing new, no new versions

        var (followed, pages) = (new List<Unit>(), 0);
        for (var after = 0L; await units.AfterAsync(after, 500, default) is { Count: > 0 } page; after = page[^1].Version, pages++)
            followed.AddRange(page);
        Assert.Equal(count, followed.Count);
        Assert.Equal(followed.Select(u => u.Version).Order(), followed.Select(u => u.Version));
        Assert.Equal((count + 499) / 500, pages);

        var last = followed[^1].Version;
        all[7] = all[7] with { Name = "Đổi tên" };
        Assert.Equal(new UnitChanges(1, 1), await units.PutAsync("axis", UnitAuthority.Followed, [.. all.Where(u => u.Code != "H10.000009")], whole: true, default));
        var news = await units.AfterAsync(last, 500, default);
        Assert.Equal([("H10.000007", false), ("H10.000009", true)], news.Select(u => (u.Code, u.Deleted)));
        var listed = 0;
        await foreach (var unit in units.AllAsync(default))
            listed += unit.Deleted ? 0 : 1;
        Assert.Equal(count - 1, listed);
    }

    [Fact]
    public async Task A_lesser_word_does_not_change_what_a_greater_one_said()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var units = nodes.Government.Node.Units;
        await units.PutAsync("node", UnitAuthority.Configured, [new Unit("H10", "Của nút")], whole: true, default);
        await units.PutAsync("axis", UnitAuthority.Followed, [new Unit("H10", "Của trục") { Deleted = true }], whole: true, default);
        Assert.Equal(("Của nút", false), ((await units.FindAsync("H10", default))!.Name, (await units.FindAsync("H10", default))!.Deleted));
        await units.PutAsync("node", UnitAuthority.Configured, [], whole: true, default); // the operator takes it out
        await units.PutAsync("axis", UnitAuthority.Followed, [new Unit("H10", "Của trục")], whole: true, default);
        Assert.Equal("Của trục", (await units.FindAsync("H10", default))!.Name);
    }

    [Fact]
    public async Task A_document_for_a_merged_unit_goes_to_its_successor_whose_answers_count()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        // After the mergers: H50 became H51, which became H99; the old code of 13 characters is H50's.
        Unit[] merged = [new("H50", "Tỉnh cũ") { Successor = "H51", OldCode = "000.00.00.H50" }, new("H51", "Tỉnh giữa") { Successor = "H99" }];
        foreach (var node in new[] { nodes.Unit, nodes.Government })
            await node.Node.Units.PutAsync("node", UnitAuthority.Configured, merged, whole: true, default);
        var document = await nodes.Unit.SubmitAsync("H50", "000.00.00.H50");
        await nodes.SettleAsync();
        var arrived = await nodes.Government.ArrivedAsync("H99");
        Assert.Equal(2, arrived.Count);
        foreach (var incoming in arrived)
        {
            await nodes.Government.ConfirmAsync("H99", incoming.Id);
            await nodes.Government.AnswerAsync("H99", incoming.Id, "03");
        }

        await nodes.SettleAsync();
        Assert.Equal(
            [("H50", DeliveryState.Accepted), ("000.00.00.H50", DeliveryState.Accepted)],
            (await nodes.Unit.DocumentAsync(document)).Deliveries.Select(d => (d.Recipient.Organ, d.State)));
        await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Gửi nhầm", default);
        await nodes.SettleAsync();
        Assert.All(await nodes.Government.ArrivedAsync("H99"), d => Assert.Equal("recall:open", d.Request));
    }

    [Fact]
    public async Task A_closed_unit_takes_nothing_and_successors_in_a_circle_hang_nobody()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Government.Node.Units.PutAsync(
            "axis", UnitAuthority.Followed,
            [
                new Unit("H60", "Khóa") { Locked = true }, new Unit("H61", "Giải thể") { Deleted = true },
                new Unit("H70", "Vòng") { Successor = "H71" }, new Unit("H71", "Vòng") { Successor = "H70" },
            ], whole: true, default);
        var directory = nodes.Government.Node.Directory;
        Assert.IsType<RouteAnswer.Locked>(directory.Route("H60", keys.Time.GetUtcNow()));
        Assert.IsType<RouteAnswer.Locked>(directory.Route("H61", keys.Time.GetUtcNow()));
        Assert.IsType<RouteAnswer.None>(directory.Route("H70", keys.Time.GetUtcNow()));
        await nodes.Government.KillAndReopenAsync();
        Assert.IsType<RouteAnswer.Locked>(nodes.Government.Node.Directory.Route("H60", keys.Time.GetUtcNow())); // known from the start
    }

    [Fact]
    public async Task A_system_registers_units_below_its_own_and_nobody_elses()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var units = nodes.Government.Node.Units;
        await units.RegisterAsync("s1", ["H53"], new Unit("H53.1", "Sở"), default);
        Assert.IsType<RouteAnswer.Local>(nodes.Government.Node.Directory.Route("H53.1", keys.Time.GetUtcNow()));
        Assert.Equal(["H53.1"], units.RegisteredBy("s1"));
        foreach (var (system, behind, code) in new[] { ("s1", "H53", "H54.1"), ("s1", "H53", "H53"), ("s1", "H5", "H53.2"), ("s2", "H53", "H53.1") })
            Assert.Equal(RelayFault.NotYourOrgan, (await Assert.ThrowsAsync<RelayException>(() => units.RegisterAsync(system, [behind], new Unit(code, "x"), default))).Fault);
        await Assert.ThrowsAsync<RelayException>(() => units.WithdrawAsync("s2", "H53.1", default));
        await units.WithdrawAsync("s1", "H53.1", default);
        Assert.IsType<RouteAnswer.Locked>(nodes.Government.Node.Directory.Route("H53.1", keys.Time.GetUtcNow()));
        Assert.Empty(units.RegisteredBy("s1"));
    }
}

public sealed class UnitDirectoryOnSqliteTests(RelayKeys keys) : UnitDirectoryTests(keys), IClassFixture<RelayKeys>;

public sealed class UnitDirectoryOnPostgresTests(RelayKeysOnPostgres keys) : UnitDirectoryTests(keys), IClassFixture<RelayKeysOnPostgres>;
