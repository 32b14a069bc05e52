using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>A recall and a send that meet: either the document never leaves, or the recipient is asked; never both, never neither.</summary>
public sealed class RecallRaceTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recall_while_the_document_is_on_the_line_follows_it(bool beforeThePeerHasIt)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        IReadOnlyList<DeliveryView> recalled = [];
        if (beforeThePeerHasIt)
        {
            var gate = nodes.UnitUp.Gate = new TaskCompletionSource();
            var sending = Task.Run(nodes.Unit.RunAsync, TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => Task.FromResult(nodes.UnitUp.Attempts == 1));
            recalled = await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Nhầm", default);
            nodes.UnitUp.Gate = null;
            gate.SetResult();
            await sending;
        }
        else
        {
            nodes.UnitUp.AfterDelivery = async () =>
            {
                nodes.UnitUp.AfterDelivery = null;
                recalled = await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Nhầm", default);
            };
        }

        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Queued, "recall:open"), (recalled[0].State, recalled[0].Request));
        Assert.Equal("recall:open", Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Request);
        Assert.Equal(recalled[0].MessageId, nodes.UnitUp.Sent[0]);
        Assert.Equal(2, nodes.UnitUp.Sent.Count); // the document, then the request
        Assert.Empty(await nodes.Ministry.Node.Health.QuarantineAsync(10, default));
    }

    [Fact]
    public async Task Whoever_is_first_sender_and_recipient_agree_about_every_document()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var documents = new List<Guid>();
        for (var i = 0; i < 16; i++)
        {
            var submission = await nodes.Unit.SubmissionAsync("G99");
            documents.Add((await nodes.Unit.Node.Submit.RunAsync(
                submission with { Document = submission.Document with { Number = $"{200 + i}" } }, default)).DocumentId);
        }

        var running = Task.Run(nodes.SettleAsync, TestContext.Current.CancellationToken);
        await Parallel.ForEachAsync(documents, TestContext.Current.CancellationToken, async (document, ct) =>
        {
            await Task.Delay(Random.Shared.Next(400), ct);
            await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [], "Nhầm", ct);
        });
        await running;
        await nodes.SettleAsync();
        var arrived = (await nodes.Ministry.ArrivedAsync("G99")).ToDictionary(d => d.Id);
        foreach (var document in documents)
        {
            var seen = await nodes.Unit.DocumentAsync(document);
            if (seen.Deliveries.Count == 0)
            {
                Assert.Equal(DocumentState.Refused, seen.State); // taken back before it was signed
                continue;
            }

            var delivery = seen.Deliveries[0];
            var there = arrived.GetValueOrDefault(delivery.MessageId);
            Assert.Equal(delivery.State == DeliveryState.Recalled, there is null);
            Assert.Equal(there is null ? "recall:agreed" : "recall:open", delivery.Request);
            Assert.True(there is null or { Request: "recall:open" });
        }
    }
}
