using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;
using static VanBanDienTu.Relay.Outgoing.DeliveryState;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>What a recipient says arrives in any order, twice, late: the sender ends where the recipient is.</summary>
public sealed class StatusOrderTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    private const int Recipients = 40;
    private static readonly PeerNode Hub = new("ministry", "G99", new string('c', 64));
    private static readonly Dictionary<string, DeliveryState> StateOf = new(StringComparer.Ordinal)
    {
        ["01"] = Arrived, ["02"] = Rejected, ["03"] = Accepted, ["04"] = Assigned, ["05"] = InProgress, ["06"] = Finished,
    };

    [Fact]
    public void Every_order_of_every_history_that_a_recipient_can_have_ends_the_same()
    {
        string[] progress = ["01", "03", "04", "05", "06"];
        var histories = Enumerable.Range(1, 31).Select(mask => progress.Where((_, i) => (mask & (1 << i)) != 0).ToArray()).Append(["01", "02"]).Append(["02"]);
        foreach (var history in histories)
        {
            foreach (var order in Permutations(history))
            {
                foreach (var start in new[] { Queued, Relayed, Failed })
                {
                    // The line's own late news, anywhere between.
                    for (var at = 0; at <= order.Length; at++)
                    {
                        DeliveryEvent[] events = [.. order[..at].Select(Event), DeliveryEvent.HopAccepted, .. order[at..].Select(Event)];
                        Assert.Equal((AtTheRecipient(history), false), Fold(start, events));
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Both_sides_end_the_same_and_every_message_is_kept()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n =>
        {
            for (var i = 1; i <= Recipients; i++)
                n.Ministry.Members.Add(new Member($"G99.{100 + i}", $"Đơn vị {i}", Local: true));
        });
        var document = await nodes.Unit.SubmitAsync([.. Enumerable.Range(1, Recipients).Select(i => $"G99.{100 + i}")]);
        await nodes.Unit.RunAsync();
        const int seed = 20261122;
        var dice = new Random(seed);
        var told = new Dictionary<Guid, (string[] History, bool Recall, string[] Order, int Distinct)>();
        foreach (var delivery in (await nodes.Unit.DocumentAsync(document)).Deliveries)
            told[delivery.MessageId] = await TellAsync(nodes, document, delivery, dice);

        foreach (var delivery in (await nodes.Unit.DocumentAsync(document)).Deliveries)
        {
            var (history, recall, order, distinct) = told[delivery.MessageId];
            var where = $"seed {seed}, {string.Join(' ', order)}";
            Assert.True(distinct == delivery.History.Count, where);
            var both = history.Contains("02") && history.Any(c => c is "03" or "04" or "05" or "06");
            if (!(recall && history.Contains("15")))
                Assert.True(both == delivery.Contradicted, where); // about what was given back nothing is contradicted any more
            Assert.True(delivery.State == (recall && history.Contains("15") ? Recalled : AtTheRecipient(history)), where);
            Assert.True(delivery.Request == (recall ? history.Contains("15") ? "recall:agreed" : "recall:refused" : ""), where);
        }

        Assert.Empty(await nodes.Unit.Node.Health.QuarantineAsync(10, default));
    }

    /// <summary>One recipient's messages in an order of the dice, some of them twice, some said twice.</summary>
    private static async Task<(string[] History, bool Recall, string[] Order, int Distinct)> TellAsync(
        ThreeNodes nodes, Guid document, DeliveryView delivery, Random dice)
    {
        var recall = dice.Next(3) == 0;
        string[] history = dice.Next(4) switch
        {
            0 => ["01", "02"],
            1 => ["01", "02", "03", "05"], // of a system that keeps no rules
            _ => [.. new[] { "01", "03", "04", "05", "06" }.Where(_ => dice.Next(2) == 0).DefaultIfEmpty("01")],
        };
        if (recall)
        {
            await nodes.Unit.Node.Recall.RunAsync("G99.63", document, [delivery.Recipient.Organ], "Nhầm", default);
            history = [.. history, dice.Next(2) == 0 ? "15" : "16"];
        }

        var messages = history.Concat(history.Where(c => c is not ("15" or "16") && dice.Next(4) == 0)).Select(code => (Code: code, Message: Messages.Status(
            delivery.Recipient.Organ, "G99.63", delivery.MessageId, "G99.63,2026/11/20,101/CQM1-VP", Parse(code), "vì"))).ToArray();
        dice.Shuffle(messages);
        foreach (var (_, message) in messages)
        {
            for (var times = dice.Next(3) == 0 ? 2 : 1; times > 0; times--)
                Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Unit, message, Hub));
        }

        return (history, recall, [.. messages.Select(m => m.Code).Where(c => c is not ("15" or "16"))], messages.Length);
    }

    private static DeliveryState AtTheRecipient(string[] history) =>
        history.Contains("02") ? Rejected : StateOf[history.Where(c => c is not ("15" or "16")).Max(StringComparer.Ordinal)!];

    private static (DeliveryState State, bool Contradicted) Fold(DeliveryState start, DeliveryEvent[] events)
    {
        var (state, contradicted) = (start, false);
        foreach (var e in events)
        {
            var step = Delivery.Next(state, e);
            (state, contradicted) = (step.State, contradicted || step.Contradicts);
        }

        return (state, contradicted);
    }

    private static DeliveryEvent Event(string code) => Delivery.OfStatus(code)!.Value;

    private static EdxmlStatusCode Parse(string code) => EdxmlStatusCodes.TryParse(code, out var parsed) ? parsed : throw new ArgumentOutOfRangeException(nameof(code));

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((first, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (string[])[first, .. rest]));
}
