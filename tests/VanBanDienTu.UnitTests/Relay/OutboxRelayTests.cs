using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class OutboxRelayTests(RelayKeys keys)
{
    [Fact]
    public async Task A_lost_answer_is_retried_with_the_same_message_id_and_the_same_receipt_comes_back()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.LoseTheAnswer(times: 1);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        Assert.Equal((DeliveryState.Queued, "the answer was lost"), await StateAsync(nodes.Unit, document));

        keys.Time.Advance(TimeSpan.FromSeconds(5));
        await nodes.Unit.RunAsync();

        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Equal(2, nodes.UnitUp.Sent.Count);
        Assert.Single(nodes.UnitUp.Sent.Distinct());
        Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        var there = Assert.Single(await nodes.Ministry.EvidenceAsync(), e => e.Event == "ContentConsignment");
        var here = Assert.Single(await nodes.Unit.EvidenceAsync(), e => e.Event == "ContentConsignment");
        Assert.Equal(there.Json.ToArray(), here.Json.ToArray());
        Assert.Equal(there.Signature.ToArray(), here.Signature.ToArray());
    }

    [Fact]
    public async Task An_answer_lost_after_every_attempt_still_doubles_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.LoseTheAnswer(times: 4);
        var document = await nodes.Unit.SubmitAsync("G99");
        for (var i = 0; i < 6; i++)
        {
            await nodes.Unit.RunAsync();
            keys.Time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Equal(5, nodes.UnitUp.Sent.Count);
        Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Single(await nodes.Ministry.EvidenceAsync());
    }

    [Fact]
    public async Task A_busy_peer_is_asked_again_when_it_said()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.Busy = true;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal("overloaded", delivery.LastError);
        Assert.Equal(keys.Time.GetUtcNow() + TimeSpan.FromSeconds(7), delivery.NextAttempt!.Value, TimeSpan.FromMilliseconds(2));
        Assert.Equal("Closed", Assert.Single((await nodes.Unit.Node.Health.ReportAsync(default)).Destinations, d => d.Name == "ministry").Breaker);
    }

    [Fact]
    public async Task A_dead_destination_opens_its_breaker_is_probed_by_one_message_and_recovers()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with { SendsPerLink = 4 });
        nodes.UnitUp.Unreachable = true;
        for (var i = 0; i < 8; i++)
            await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        Assert.Equal(5, nodes.UnitUp.Attempts); // five failures in a row opened it; the others were not even tried
        Assert.Contains(await ProblemsAsync(nodes.Unit), p => p.Code == "DESTINATION_DOWN");

        keys.Time.Advance(TimeSpan.FromSeconds(6));
        await nodes.Unit.RunAsync();
        Assert.Equal(6, nodes.UnitUp.Attempts); // one probe
        keys.Time.Advance(TimeSpan.FromSeconds(6));
        await nodes.Unit.RunAsync();
        Assert.Equal(6, nodes.UnitUp.Attempts); // its rest was doubled

        nodes.UnitUp.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromMinutes(1));
        await nodes.Unit.RunAsync();
        Assert.Equal(8, nodes.UnitUp.Sent.Distinct().Count());
        Assert.Empty(await ProblemsAsync(nodes.Unit));
    }

    [Fact]
    public async Task One_destination_that_hangs_does_not_delay_another()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.MinistryUp.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dead = await nodes.Ministry.SubmitAsync("G22", "H99");
        var live = await nodes.Ministry.SubmitAsync("G99.63");
        using var stop = new CancellationTokenSource();
        var running = nodes.Ministry.Node.RunAsync(stop.Token);
        await Eventually.TrueAsync(async () =>
            (await nodes.Ministry.DocumentAsync(live)).Deliveries is [{ State: DeliveryState.Relayed }]);
        Assert.All((await nodes.Ministry.DocumentAsync(dead)).Deliveries, d => Assert.Equal(DeliveryState.Queued, d.State));
        nodes.MinistryUp.Gate.SetResult();
        await Eventually.TrueAsync(async () => (await nodes.Ministry.DocumentAsync(dead)).Deliveries is [{ State: DeliveryState.Relayed }, { State: DeliveryState.Relayed }]);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Urgent_documents_overtake_ordinary_ones()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with { SendsPerLink = 1 });
        nodes.UnitUp.Busy = true;
        var ordinary = await nodes.Unit.SubmitAsync("G99");
        var submission = await nodes.Unit.SubmissionAsync("G99");
        var flash = (await nodes.Unit.Node.Submit.RunAsync(
            submission with { Document = submission.Document with { Urgency = Urgency.Flash, Number = "102" } }, default)).DocumentId;
        await nodes.Unit.RunAsync();
        nodes.UnitUp.Busy = false;
        keys.Time.Advance(TimeSpan.FromMinutes(1));
        await nodes.Unit.RunAsync();
        Assert.Equal(
            [(await nodes.Unit.DeliveryAsync(flash)).MessageId, (await nodes.Unit.DeliveryAsync(ordinary)).MessageId], nodes.UnitUp.Sent);
    }

    [Fact]
    public async Task Past_the_horizon_the_delivery_fails_visibly_and_an_operator_queues_it_again_under_the_same_id()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.Unreachable = true;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var id = (await nodes.Unit.DeliveryAsync(document)).MessageId;
        keys.Time.Advance(TimeSpan.FromDays(2));
        await nodes.Unit.RunAsync();
        var failed = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal((DeliveryState.Failed, "unit", "HORIZON_OVER"), (failed.State, failed.By, failed.Reason!.Code));
        Assert.Contains(await nodes.Unit.Node.Evidence.OfMessageAsync("G99.63", id, default), e => e.Event == nameof(EvidenceEvent.RelayFailure));

        nodes.UnitUp.Unreachable = false;
        await nodes.Unit.Node.Outgoing.RequeueAsync("G99.63", document, [], default);
        keys.Time.Advance(TimeSpan.FromMinutes(6));
        await nodes.Unit.RunAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Equal(id, Assert.Single(nodes.UnitUp.Sent));
        var again = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Outgoing.RequeueAsync("G99.63", document, [], default));
        Assert.Equal(RelayFault.NotFailed, again.Fault);
    }

    [Fact]
    public async Task What_waits_behind_an_open_breaker_is_given_up_at_its_horizon_too()
    {
        await using var nodes = await ThreeNodes.OpenAsync(
            keys, n => n.Unit.Options = n.Unit.Options with { Breaker = new BreakerRule(1, TimeSpan.FromDays(30), TimeSpan.FromDays(30)) });
        nodes.UnitUp.Unreachable = true;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        keys.Time.Advance(TimeSpan.FromDays(3));
        await nodes.Unit.RunAsync();
        Assert.Equal(1, nodes.UnitUp.Attempts);
        Assert.Equal(DeliveryState.Failed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    [Fact]
    public async Task A_receipt_about_something_else_is_no_receipt()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var other = (await nodes.Ministry.EvidenceAsync())[0];
        nodes.UnitUp.Distort = _ => new AxisOutcome.Accepted(other);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var (state, error) = await StateAsync(nodes.Unit, document);
        Assert.Equal(DeliveryState.Queued, state);
        Assert.Contains("another message", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_whose_bytes_were_changed_is_no_receipt()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.Distort = o => o is AxisOutcome.Accepted a ? new AxisOutcome.Accepted(a.Receipt! with { Signature = Flip(a.Receipt.Signature) }) : o;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        Assert.Equal(DeliveryState.Queued, (await nodes.Unit.DeliveryAsync(document)).State);
        nodes.UnitUp.Distort = null;
        keys.Time.Advance(TimeSpan.FromMinutes(1));
        await nodes.Unit.RunAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    [Theory]
    [InlineData("person-G99", "a leader of the ministry, who is not its node")]
    [InlineData("evidence-government", "another organ's node")]
    public async Task A_receipt_signed_by_somebody_else_below_the_same_anchors_is_no_receipt(string signer, string who)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var forger = new EvidenceSigner(keys.Key(signer));
        nodes.UnitUp.Distort = o => o is AxisOutcome.Accepted a ? new AxisOutcome.Accepted(a.Receipt! with { Signature = forger.Sign(a.Receipt.Json.Span) }) : o;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var (state, error) = await StateAsync(nodes.Unit, document);
        Assert.True(state == DeliveryState.Queued, $"A receipt by {who} counted.");
        Assert.Contains("is not a node of G99", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_far_side_that_does_not_sign_leaves_honest_evidence()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.Distort = _ => new AxisOutcome.Accepted(null);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Contains(await nodes.Unit.Node.Evidence.OfDocumentAsync("G99.63", document, default), e => e is { Event: "RelayToNonERDS", Issuer: "unit" });
    }

    [Fact]
    public async Task Retries_wait_as_long_as_they_were_meant_to_when_the_clock_is_set_back()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        nodes.UnitUp.Unreachable = true;
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        nodes.UnitUp.Unreachable = false;
        var before = keys.Time.GetUtcNow();
        keys.Time.SetClock(before - TimeSpan.FromHours(5));
        await nodes.Unit.RunAsync(); // notices
        keys.Time.Advance(TimeSpan.FromSeconds(6));
        await nodes.Unit.RunAsync();
        keys.Time.SetClock(before + TimeSpan.FromSeconds(6));
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_when_the_node_was_killed_delays_nothing_after_the_start()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var before = keys.Time.GetUtcNow();
        keys.Time.SetClock(before + TimeSpan.FromHours(26));
        nodes.UnitUp.Unreachable = true;
        var document = await nodes.Unit.SubmitAsync("G99");
        for (var i = 0; i < 8; i++) // the breaker opens too
        {
            await nodes.Unit.RunAsync();
            keys.Time.Advance(TimeSpan.FromSeconds(30));
        }

        keys.Time.SetClock(before + TimeSpan.FromMinutes(4));
        nodes.UnitUp.Unreachable = false;
        await nodes.Unit.KillAndReopenAsync();
        await nodes.Unit.RunAsync(); // sweeps
        await nodes.Unit.RunAsync();
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    private static byte[] Flip(ReadOnlyMemory<byte> bytes)
    {
        var changed = bytes.ToArray();
        changed[^1] ^= 1;
        return changed;
    }

    private static async Task<(DeliveryState, string?)> StateAsync(TestNode node, Guid document)
    {
        var delivery = await node.DeliveryAsync(document);
        return (delivery.State, delivery.LastError);
    }

    private static async Task<IReadOnlyList<Reason>> ProblemsAsync(TestNode node) => (await node.Node.Health.ReportAsync(default)).Problems;
}

public sealed class OutboxRelayOnSqliteTests(RelayKeys keys) : OutboxRelayTests(keys), IClassFixture<RelayKeys>;

public sealed class OutboxRelayOnPostgresTests(RelayKeysOnPostgres keys) : OutboxRelayTests(keys), IClassFixture<RelayKeysOnPostgres>;
