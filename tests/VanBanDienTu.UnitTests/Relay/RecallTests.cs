using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class RecallTests(RelayKeys keys)
{
    [Fact]
    public async Task What_never_left_is_cancelled_here_and_never_sent()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with { Breaker = new BreakerRule(1, TimeSpan.FromDays(1), TimeSpan.FromDays(1)) });
        nodes.UnitUp.Unreachable = true;
        await nodes.Unit.SubmitAsync("G22");
        await nodes.Unit.RunAsync(); // the breaker is open now
        var document = await nodes.Unit.SubmitAsync("G99", "G22");
        await nodes.Unit.RunAsync();
        var after = await nodes.Unit.Node.Recall.RunAsync("G99.63", document, ["G99"], "Sai số liệu", default);
        Assert.Equal((DeliveryState.Recalled, "recall:agreed"), (after[0].State, after[0].Request));
        Assert.Equal((DeliveryState.Queued, ""), (after[1].State, after[1].Request));
        nodes.UnitUp.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await nodes.SettleAsync();
        Assert.Empty(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal(2, (await nodes.Government.ArrivedAsync("G22")).Count);
    }

    [Fact]
    public async Task A_document_still_in_preparation_is_refused_as_recalled()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        Assert.Empty(await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Nhầm văn bản", default));
        await nodes.SettleAsync();
        var recalled = await nodes.Unit.DocumentAsync(document);
        Assert.Equal((DocumentState.Refused, "RECALLED", "SubmissionRejection"), (recalled.State, recalled.Reason!.Code, recalled.Outcome!.Event));
        Assert.Empty(nodes.UnitUp.Sent);
    }

    [Theory]
    [InlineData("15", DeliveryState.Recalled, "recall:agreed")]
    [InlineData("16", DeliveryState.Finished, "recall:refused")]
    public async Task The_recipient_decides_also_after_06(string answer, DeliveryState state, string request)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var (document, incoming) = await ArrivedAsync(nodes);
        await nodes.Government.AnswerAsync("G22", incoming, "06");
        await nodes.SettleAsync();

        await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Sai thể thức", default);
        var open = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Lần hai", default));
        Assert.Equal(RelayFault.RequestAlreadyOpen, open.Fault);
        await nodes.SettleAsync();
        var asked = Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        Assert.Equal(("recall:open", "Sai thể thức"), (asked.Request, asked.RequestReason));
        Assert.Equal((DeliveryState.Finished, "recall:open"), await StateAsync(nodes, document));

        await nodes.Government.AnswerAsync("G22", incoming, answer, "Lý do");
        await nodes.SettleAsync();
        Assert.Equal((state, request), await StateAsync(nodes, document));
        Assert.Equal(request, Assert.Single(await nodes.Government.ArrivedAsync("G22")).Request);
        var none = await Assert.ThrowsAsync<RelayException>(() => nodes.Government.AnswerAsync("G22", incoming, "15"));
        Assert.Equal(RelayFault.NoOpenRequest, none.Fault);
    }

    [Fact]
    public async Task A_recall_never_overtakes_its_document()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.LoseTheAnswer(times: 1); // it may be over there: a local cancel would be a lie
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var after = await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Nhầm nơi nhận", default);
        Assert.Equal((DeliveryState.Queued, "recall:open"), (after[0].State, after[0].Request));
        await nodes.Unit.RunAsync();
        Assert.Single(nodes.UnitUp.Sent); // the request waits behind the document's retry
        keys.Time.Advance(TimeSpan.FromMinutes(1));
        await nodes.SettleAsync();
        Assert.Equal(3, nodes.UnitUp.Sent.Count);
        Assert.Equal(after[0].MessageId, nodes.UnitUp.Sent[1]);
        Assert.Equal("recall:open", Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Request);
        Assert.Empty(await nodes.Ministry.Node.Health.QuarantineAsync(10, default));
    }

    [Fact]
    public async Task A_recall_that_cannot_be_delivered_is_closed_visibly()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var (document, _) = await ArrivedAsync(nodes);
        nodes.MinistryUp.Unreachable = true;
        await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Sai", default);
        await nodes.SettleAsync();
        keys.Time.Advance(TimeSpan.FromDays(2) + TimeSpan.FromHours(1));
        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Arrived, "recall:failed"), await StateAsync(nodes, document));
    }

    [Fact]
    public async Task An_update_is_a_request_too_and_its_answer_moves_no_state()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var first = await nodes.Unit.SubmissionAsync("G22");
        await nodes.Unit.Node.Submit.RunAsync(first, default);
        var update = (await nodes.Unit.SubmissionAsync("G22")) with
        {
            BusinessType = BusinessType.Update, BusinessReason = "Sửa phụ lục", Concerns = ["G99.63,2026/11/20,101/CQM1-VP"],
        };
        var document = (await nodes.Unit.Node.Submit.RunAsync(update, default)).DocumentId;
        await nodes.SettleAsync();
        var arrived = Assert.Single(await nodes.Government.ArrivedAsync("G22"), d => d.BusinessType == BusinessType.Update);
        Assert.Equal(("update:open", "Sửa phụ lục"), (arrived.Request, arrived.RequestReason));
        await nodes.Government.AnswerAsync("G22", arrived.Id, "15");
        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Relayed, "update:agreed"), await StateAsync(nodes, document));
    }

    private static async Task<(Guid Document, Guid Incoming)> ArrivedAsync(ThreeNodes nodes)
    {
        var document = await nodes.Unit.SubmitAsync("G22");
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Government.ArrivedAsync("G22")).Id;
        await nodes.Government.ConfirmAsync("G22", incoming);
        await nodes.SettleAsync();
        return (document, incoming);
    }

    private static async Task<(DeliveryState, string)> StateAsync(ThreeNodes nodes, Guid document)
    {
        var delivery = await nodes.Unit.DeliveryAsync(document);
        return (delivery.State, delivery.Request);
    }
}

public sealed class RecallOnSqliteTests(RelayKeys keys) : RecallTests(keys), IClassFixture<RelayKeys>;

public sealed class RecallOnPostgresTests(RelayKeysOnPostgres keys) : RecallTests(keys), IClassFixture<RelayKeysOnPostgres>;
