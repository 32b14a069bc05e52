using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

public sealed class DeadlineBellTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task The_bell_raises_what_is_overdue_and_clerk_and_operator_see_it()
    {
        var config = network.Government("deadlines");
        string arrived;
        await using (var node = await StartAsync(config, TimeSpan.Zero))
        {
            using var sender = new UnitClient(network.Channel(node.Address, "system-H99"));
            using var clerk = new UnitClient(network.Channel(node.Address, "system-G22"));
            var header = UnitClient.Slip("deadlines", "G22");
            header.Document.DueDate = "2020-01-01"; // long ago: overdue the moment it arrives
            var submitted = await sender.SubmitAsync(header, await File.ReadAllBytesAsync(Samples.CongVan));
            arrived = (await clerk.ArrivedAsync(submitted.EdxmlDocumentId)).IncomingId;
        }

        // Twelve days later: no holiday is that long.
        await using var later = await StartAsync(config, TimeSpan.FromDays(12));
        using var unit = new UnitClient(network.Channel(later.Address, "system-G22"));
        using var channel = network.Channel(later.Address, "operator");
        var operations = new OperationsService.OperationsServiceClient(channel);
        var overdue = new ListIncomingResponse();
        for (var patience = new Patience(); patience.Lasts && overdue.Documents.Count == 0;)
        {
            await Task.Delay(100);
            overdue = await unit.Incoming.ListAsync(new ListIncomingRequest { OverdueOnly = true });
        }

        var late = Assert.Single(overdue.Documents);
        Assert.Equal(arrived, late.IncomingId);
        Assert.Equal(["Answer", "Receipt"], late.Deadlines.Where(d => d.RaisedUnixMs > 0).Select(d => d.Kind).Order(StringComparer.Ordinal));
        Assert.Contains((await operations.GetStatusAsync(new GetStatusRequest())).Problems, p => p.Vi.Contains("quá hạn", StringComparison.Ordinal));

        await unit.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived });
        await unit.Incoming.AnswerAsync(new AnswerRequest { IncomingId = arrived, RequestId = "late", Code = "06" });
        Assert.Empty((await unit.Incoming.ListAsync(new ListIncomingRequest { OverdueOnly = true })).Documents);
        Assert.DoesNotContain((await operations.GetStatusAsync(new GetStatusRequest())).Problems, p => p.Vi.Contains("quá hạn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_calendar_that_cannot_be_read_stops_the_start_and_names_the_line()
    {
        await File.WriteAllTextAsync(network["holidays.txt"], "2026-01-01 off Tết\n2026-02-31 off không có ngày này\n");
        var config = network.Government("bad-calendar") with { Calendar = new CalendarConfig { Holidays = network["holidays.txt"] } };
        Assert.Contains("line 2", (await Assert.ThrowsAsync<GatewayException>(() => StartAsync(config, TimeSpan.Zero))).Message, StringComparison.Ordinal);
        var hours = config with { Calendar = new CalendarConfig { Sessions = ["08:00-25:00"] } };
        Assert.Contains("08:00-25:00", (await Assert.ThrowsAsync<GatewayException>(() => StartAsync(hours, TimeSpan.Zero))).Message, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(NodeConfig config, TimeSpan ahead) =>
        GatewayHost.StartAsync(config, null, new GatewayOptions { Time = new ClockAhead(ahead) }, CancellationToken.None);

    private sealed class ClockAhead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
