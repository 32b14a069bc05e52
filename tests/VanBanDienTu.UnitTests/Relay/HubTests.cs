using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class HubTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    private static readonly PeerNode Stranger = new("unit", "G99.63", new string('b', 64));

    [Fact]
    public async Task No_route_is_refused_with_signed_evidence_and_the_sender_sees_who_and_why()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Ministry.Routes.RemoveAll(r => r.Organ == "*"));
        var document = await nodes.Unit.SubmitAsync("K01");
        await nodes.SettleAsync();
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal((DeliveryState.Failed, "ministry", "ROUTE_UNKNOWN"), (delivery.State, delivery.By, delivery.Reason!.Code));
        var events = (await nodes.Unit.Node.Evidence.OfMessageAsync("G99.63", delivery.MessageId, default)).Select(e => (e.Event, e.Issuer));
        Assert.Contains(("RelayRejection", "ministry"), events);
    }

    [Fact]
    public async Task A_message_that_comes_back_to_a_hub_is_refused_as_a_loop_and_its_sender_is_told()
    {
        // The ministry sends everything unknown up, the government sends it down again.
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Government.Routes.Add(new("*", "ministry")));
        var document = await nodes.Unit.SubmitAsync("K01");
        await nodes.SettleAsync();
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal((DeliveryState.Failed, "government", "LOOP"), (delivery.State, delivery.By, delivery.Reason!.Code));
        Assert.Single(nodes.GovernmentDown.Sent, id => id == delivery.MessageId);
        Assert.Contains(await nodes.Unit.Node.Evidence.OfMessageAsync("G99.63", delivery.MessageId, default), e => (e.Event, e.Issuer) == ("RelayFailure", "government"));
    }

    [Fact]
    public async Task A_hub_that_gives_up_reports_back_and_a_requeue_goes_through()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.MinistryUp.Unreachable = true;
        var document = await nodes.Unit.SubmitAsync("G22");
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        keys.Time.Advance(TimeSpan.FromDays(2) + TimeSpan.FromHours(1));
        await nodes.SettleAsync();
        var failed = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal((DeliveryState.Failed, "ministry", "HORIZON_OVER"), (failed.State, failed.By, failed.Reason!.Code));

        nodes.MinistryUp.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromMinutes(31));
        await nodes.Unit.Node.Outgoing.RequeueAsync("G99.63", document, [failed.MessageId], default);
        await nodes.SettleAsync();
        Assert.Equal(failed.MessageId, Assert.Single(await nodes.Government.ArrivedAsync("G22")).Id);
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Single(await nodes.Ministry.EvidenceAsync(), e => e.Event == "RelayAcceptance"); // still its first receipt
    }

    [Fact]
    public async Task The_same_message_many_times_at_once_gets_one_receipt_and_is_forwarded_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "H99");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Messages.HandAsync(nodes.Ministry, message, Stranger))));
        var receipts = answers.Select(a => Convert.ToHexString(Assert.IsType<AcceptAnswer.Accepted>(a).Receipt.Signature.Span)).Distinct();
        Assert.Single(receipts);
        await nodes.Ministry.KillAndReopenAsync();
        var later = Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Ministry, message, Stranger));
        Assert.Equal(receipts.Single(), Convert.ToHexString(later.Receipt.Signature.Span));
        await nodes.Ministry.RunAsync();
        Assert.Single(nodes.MinistryUp.Sent);
    }

    [Fact]
    public async Task Another_message_under_the_same_id_is_a_signed_conflict_and_changes_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "H99");
        var first = Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Ministry, message, Stranger));
        var other = message with { To = new Party("G22") };
        var conflict = Assert.IsType<AcceptAnswer.Conflict>(await Messages.HandAsync(nodes.Ministry, other, Stranger));
        Assert.Equal("RelayRejection", conflict.Evidence.Event);
        Assert.Equal(conflict, await Messages.HandAsync(nodes.Ministry, other, Stranger), EvidenceBytes);
        Assert.Equal(first, await Messages.HandAsync(nodes.Ministry, message, Stranger), EvidenceBytes);
        await nodes.Ministry.RunAsync();
        Assert.Single(nodes.MinistryUp.Sent);
    }

    [Fact]
    public async Task The_trace_is_not_part_of_what_is_compared()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "H99");
        var first = await Messages.HandAsync(nodes.Ministry, message, Stranger);
        var other = message with { Hops = [new Hop("G98", keys.Time.GetUtcNow())] };
        Assert.Equal(first, await Messages.HandAsync(nodes.Ministry, other, Stranger), EvidenceBytes);
    }

    [Fact]
    public async Task A_hub_forwards_what_it_cannot_read_and_the_last_node_refuses_it_and_keeps_the_bytes()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "H99") with { Envelope = "<!DOCTYPE x><edXML/>"u8.ToArray() };
        Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Ministry, message, Stranger));
        await nodes.SettleAsync();
        Assert.Empty(await nodes.Government.ArrivedAsync("H99"));
        var kept = Assert.Single(await nodes.Government.Node.Health.QuarantineAsync(10, default));
        Assert.Equal(message.Id, kept.MessageId);
        Assert.Equal(message.Envelope.ToArray(), kept.Bytes.ToArray());
        Assert.Contains(await nodes.Government.EvidenceAsync(), e => e.Event == "RelayRejection");
        Assert.Contains(await nodes.Ministry.EvidenceAsync(), e => e.Event == "RelayFailure");
    }

    private static bool EvidenceBytes(AcceptAnswer a, AcceptAnswer b) => Signature(a).SequenceEqual(Signature(b));

    private static byte[] Signature(AcceptAnswer answer) => answer switch
    {
        AcceptAnswer.Accepted accepted => accepted.Receipt.Signature.ToArray(),
        AcceptAnswer.Conflict conflict => conflict.Evidence.Signature.ToArray(),
        _ => [],
    };
}
