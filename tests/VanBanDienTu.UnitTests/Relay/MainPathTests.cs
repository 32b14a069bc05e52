using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class MainPathTests(RelayKeys keys)
{
    [Fact]
    public async Task A_document_crosses_three_nodes_is_handed_over_and_every_answer_comes_back()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);

        var document = await nodes.Unit.SubmitAsync("G22", "H99");
        await nodes.SettleAsync();

        var sent = await nodes.Unit.DocumentAsync(document);
        Assert.Equal((DocumentState.Queued, null), (sent.State, sent.Reason));
        Assert.All(sent.Deliveries, d => Assert.Equal(DeliveryState.Relayed, d.State));
        var arrived = Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        Assert.Equal((Acceptance.Accepted, "passed"), (arrived.Acceptance, arrived.Rule));
        Assert.Equal(["G99.63", "G99"], arrived.Hops.Select(h => h.Organ));
        Assert.Equal(2, Assert.Single(arrived.Verdicts).Signatures.Count);

        await nodes.Government.ConfirmAsync("G22", arrived.Id);
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Arrived, (await nodes.Unit.DeliveryAsync(document)).State);

        foreach (var code in (string[])["03", "04", "05", "06"])
            await nodes.Government.AnswerAsync("G22", arrived.Id, code);
        await nodes.SettleAsync();
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal(DeliveryState.Finished, delivery.State);
        Assert.Equal(["01", "03", "04", "05", "06"], delivery.History.Select(h => h.Code).Order());
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document, 1)).State);

        var events = (await nodes.Unit.Node.Evidence.OfDocumentAsync("G99.63", document, default)).Select(e => e.Event).ToHashSet();
        Assert.Superset(
            new HashSet<string>(["SubmissionAcceptance", "RelayAcceptance", "ContentConsignment", "ContentHandover", "ConsignmentAcceptance", "BusinessStatus"]),
            events);
        foreach (var node in nodes.All)
            Assert.Null(await node.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    [Fact]
    public async Task Two_organs_of_one_node_exchange_through_the_same_intake()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Government.SubmitAsync("H99");
        await nodes.Government.RunAsync();
        var arrived = Assert.Single(await nodes.Government.ArrivedAsync("H99"));
        await nodes.Government.ConfirmAsync("H99", arrived.Id);
        await nodes.Government.RunAsync();
        Assert.Equal(DeliveryState.Arrived, (await nodes.Government.DeliveryAsync(document)).State);
        Assert.Equal(nameof(EvidenceEvent.ContentConsignment), (await nodes.Government.Node.Evidence.OfDocumentAsync("G22", document, default))[1].Event);
    }
}

public sealed class MainPathOnSqliteTests(RelayKeys keys) : MainPathTests(keys), IClassFixture<RelayKeys>;

public sealed class MainPathOnPostgresTests(RelayKeysOnPostgres keys) : MainPathTests(keys), IClassFixture<RelayKeysOnPostgres>;
