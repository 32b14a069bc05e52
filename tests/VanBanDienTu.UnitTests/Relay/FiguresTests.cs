using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Figures;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class FiguresTests(RelayKeys keys)
{
    [Fact]
    public async Task A_period_counts_what_was_signed_delivered_refused_and_answered_in_time()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with
        {
            Organs = [.. n.Unit.Options.Organs.Select(o => o with { ExemptTypes = ["Giấy mời"] })],
        });
        var day = Today;
        await nodes.Unit.SubmitAsync("G99", "G22");
        var exempt = await nodes.Unit.SubmissionAsync("G99");
        await nodes.Unit.Node.Submit.RunAsync(
            exempt with
            {
                Document = exempt.Document with { TypeName = "Giấy mời", DueDate = day.AddDays(9) },
                Attachments = [await nodes.Unit.AttachAsync("giay-moi.pdf", await File.ReadAllBytesAsync(Samples.CongVan))],
            }, default);
        await nodes.SettleAsync();
        var unsigned = await nodes.Unit.SubmissionAsync("G99");
        await nodes.Unit.Node.Submit.RunAsync(
            unsigned with { Attachments = [await nodes.Unit.AttachAsync("chua-ky.pdf", await File.ReadAllBytesAsync(Samples.CongVan))] }, default);
        await nodes.Unit.RunAsync();

        var arrived = await nodes.Ministry.ArrivedAsync("G99");
        Assert.Equal(2, arrived.Count);
        await nodes.Ministry.ConfirmAsync("G99", arrived[0].Id); // 01
        await nodes.Ministry.AnswerAsync("G99", arrived[1].Id, "02", "gửi nhầm nơi nhận");
        await nodes.SettleAsync();

        var sent = await nodes.Unit.Node.Figures.ReadAsync("G99.63", day, day, default);
        Assert.Equal(new SentFigures(Issued: 2, ByOrganization: 2, ByPerson: 1, NotRecorded: 0, Preparing: 0, Refused: 1), sent.Sent);
        Assert.Equal(new DeliveryFigures(Delivered: 1, Rejected: 1, Recalled: 0, Failed: 0, Open: 1), sent.Deliveries);
        Assert.Equal(3, sent.Deliveries.All);
        Assert.Equal(0, sent.Received);

        var received = await nodes.Ministry.Node.Figures.ReadAsync("G99", day, day.AddDays(30), default);
        Assert.Equal((0L, 2L), (received.Sent.Issued, received.Received));
        Assert.Equal(new DeadlineFigures(DeadlineKind.Receipt, OnTime: 2, Late: 0, Overdue: 0, Open: 0), received.Receipt);
        Assert.Equal(1, received.Answer.OnTime + received.Answer.Open);

        foreach (var node in new[] { nodes.Unit.Node, nodes.Ministry.Node })
        {
            Assert.Equal(Counts(await node.Figures.ReadAsync(node == nodes.Unit.Node ? "G99.63" : "G99", day, day.AddDays(30), default)), Counts(await node.Figures.ReadAsync(null, day, day.AddDays(30), default)));
            Assert.Equal(Nothing, Counts(await node.Figures.ReadAsync("G22", day, day.AddDays(30), default))); // not its documents
            Assert.Equal(Nothing, Counts(await node.Figures.ReadAsync(null, day.AddDays(-30), day.AddDays(-1), default)));
        }
    }

    [Fact]
    public async Task A_day_begins_and_ends_at_midnight_in_Vietnam()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var tomorrow = Today.AddDays(1);
        var midnight = new DateTimeOffset(tomorrow.ToDateTime(TimeOnly.MinValue), WorkingCalendar.Offset);
        keys.Time.Advance(midnight - TimeSpan.FromMilliseconds(1) - keys.Time.GetUtcNow());
        await nodes.Unit.SubmitAsync("G99");
        keys.Time.Advance(TimeSpan.FromMilliseconds(1));
        await nodes.Unit.SubmitAsync("G99");
        async Task<long> Preparing(DateOnly from, DateOnly to) => (await nodes.Unit.Node.Figures.ReadAsync("G99.63", from, to, default)).Sent.Preparing;
        Assert.Equal(1, await Preparing(tomorrow.AddDays(-1), tomorrow.AddDays(-1)));
        Assert.Equal(1, await Preparing(tomorrow, tomorrow));
        Assert.Equal(2, await Preparing(tomorrow.AddDays(-1), tomorrow));
        Assert.Equal(0, await Preparing(tomorrow.AddDays(1), tomorrow.AddDays(366)));
    }

    [Fact]
    public async Task Days_the_wrong_way_round_or_more_than_a_year_are_named()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.Node.Figures.ReadAsync(null, Today, Today.AddDays(UnitFigures.MostDays - 1), default);
        foreach (var to in new[] { Today.AddDays(-1), Today.AddDays(UnitFigures.MostDays) })
        {
            var refused = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Figures.ReadAsync(null, Today, to, default));
            Assert.Equal(RelayFault.InvalidField, refused.Fault);
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(keys.Time.GetUtcNow().ToOffset(WorkingCalendar.Offset).DateTime);

    private static readonly string Nothing = Counts(new PeriodFigures(
        default, default, default, new SentFigures(0, 0, 0, 0, 0, 0), new DeliveryFigures(0, 0, 0, 0, 0), 0,
        new DeadlineFigures(DeadlineKind.Receipt, 0, 0, 0, 0), new DeadlineFigures(DeadlineKind.Answer, 0, 0, 0, 0)));

    private static string Counts(PeriodFigures figures) => (figures with { From = default, To = default, Counted = default }).ToString();
}

public sealed class FiguresOnSqliteTests(RelayKeys keys) : FiguresTests(keys), IClassFixture<RelayKeys>;

public sealed class FiguresOnPostgresTests(RelayKeysOnPostgres keys) : FiguresTests(keys), IClassFixture<RelayKeysOnPostgres>;
