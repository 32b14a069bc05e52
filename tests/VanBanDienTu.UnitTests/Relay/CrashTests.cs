using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>kill -9 at every stop: the folder is opened again by a new node, nothing is lost and nothing doubled.</summary>
public abstract class CrashTests(RelayKeys keys)
{
    [Fact]
    public async Task After_the_submission_was_answered_the_document_still_goes_out()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.KillAndReopenAsync();
        await ExpectOnceAsync(nodes, document);
    }

    [Fact]
    public async Task While_a_document_is_prepared_the_next_process_begins_again_at_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        var now = keys.Time.GetUtcNow();
        Assert.NotNull(await nodes.Unit.Node.Ground.Database.WriteAsync(tx => DocumentTable.ClaimAsync(tx, now, now.AddHours(1), default)));
        await nodes.Unit.KillAndReopenAsync();
        await ExpectOnceAsync(nodes, document);
    }

    [Fact]
    public async Task A_preparation_whose_lease_was_lost_changes_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        var now = keys.Time.GetUtcNow();
        var slow = await nodes.Unit.Node.Ground.Database.WriteAsync(tx => DocumentTable.ClaimAsync(tx, now, now, default));
        await nodes.Unit.RunAsync(); // another worker was faster
        await new PreparedDocument(nodes.Unit.Node.Ground).RefuseOrHoldAsync(slow!, new("LATE", "muộn", "late"), wait: false, []);
        Assert.Equal(DocumentState.Queued, (await nodes.Unit.DocumentAsync(document)).State);
        await ExpectOnceAsync(nodes, document);
    }

    [Fact]
    public async Task Between_the_peers_receipt_and_our_commit_the_same_message_is_sent_again_and_taken_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        nodes.UnitUp.AfterDelivery = () => nodes.Unit.Node.AbandonAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => nodes.Unit.RunAsync());
        nodes.UnitUp.AfterDelivery = null;
        await nodes.Unit.OpenAsync();
        await ExpectOnceAsync(nodes, document);
        Assert.Equal(2, nodes.UnitUp.Sent.Count);
    }

    [Fact]
    public async Task A_hub_that_dies_after_its_receipt_still_forwards()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G22");
        await nodes.Unit.RunAsync();
        await nodes.Ministry.KillAndReopenAsync();
        await nodes.SettleAsync();
        Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        Assert.Equal(DeliveryState.Relayed, (await nodes.Unit.DeliveryAsync(document)).State);
    }

    [Fact]
    public async Task A_hub_that_dies_between_sending_and_settling_sends_again_and_the_recipient_has_it_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G22");
        await nodes.Unit.RunAsync();
        nodes.MinistryUp.AfterDelivery = () => nodes.Ministry.Node.AbandonAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => nodes.Ministry.RunAsync());
        nodes.MinistryUp.AfterDelivery = null;
        await nodes.Ministry.OpenAsync();
        await nodes.SettleAsync();
        Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        Assert.Equal(2, nodes.MinistryUp.Sent.Count);
    }

    [Fact]
    public async Task A_recipient_that_dies_before_verifying_verifies_and_before_sending_01_sends_it()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        await nodes.Ministry.KillAndReopenAsync();
        await nodes.Ministry.RunAsync();
        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal(Acceptance.Accepted, incoming.Acceptance);
        var before = await nodes.Ministry.ConfirmAsync("G99", incoming.Id);
        await nodes.Ministry.KillAndReopenAsync();
        var after = await nodes.Ministry.ConfirmAsync("G99", incoming.Id);
        Assert.Equal(before.Evidence.Signature.ToArray(), after.Evidence.Signature.ToArray());
        await nodes.SettleAsync();
        Assert.Equal(DeliveryState.Arrived, (await nodes.Unit.DeliveryAsync(document)).State);
        Assert.Single(nodes.MinistryDown.Sent);
    }

    [Fact]
    public async Task Killed_at_random_moments_of_a_run_every_document_arrives_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var random = new Random(20261122);
        var documents = new List<Guid>();
        for (var round = 0; round < 12; round++)
        {
            documents.Add(await nodes.Unit.SubmitAsync("G99", "G22"));
            var victim = nodes.All.ElementAt(random.Next(3));
            using var stop = new CancellationTokenSource();
            var running = nodes.All.Select(n => n.Node.RunAsync(stop.Token)).ToList();
            await Task.Delay(random.Next(60));
            await victim.Node.AbandonAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
            await victim.OpenAsync();
            keys.Time.Advance(TimeSpan.FromMinutes(6));
        }

        for (var i = 0; i < 4; i++)
        {
            keys.Time.Advance(TimeSpan.FromMinutes(31));
            await nodes.SettleAsync();
        }

        Assert.Equal(12, (await nodes.Ministry.ArrivedAsync("G99")).Count);
        Assert.Equal(12, (await nodes.Government.ArrivedAsync("G22")).Count);
        foreach (var document in documents)
            Assert.All((await nodes.Unit.DocumentAsync(document)).Deliveries, d => Assert.Equal(DeliveryState.Relayed, d.State));
        foreach (var node in nodes.All)
            Assert.Null(await node.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_in_one_sentence()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var refused = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.OpenAsync());
        Assert.Equal(RelayFault.StorageUnavailable, refused.Fault);
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ExpectOnceAsync(ThreeNodes nodes, Guid document)
    {
        await nodes.SettleAsync();
        Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        var delivery = Assert.Single((await nodes.Unit.DocumentAsync(document)).Deliveries);
        Assert.Equal(DeliveryState.Relayed, delivery.State);
        Assert.Single(await nodes.Unit.Node.Evidence.OfMessageAsync("G99.63", delivery.MessageId, default), e => e.Event == "ContentConsignment");
    }
}

public sealed class CrashOnSqliteTests(RelayKeys keys) : CrashTests(keys), IClassFixture<RelayKeys>;

public sealed class CrashOnPostgresTests(RelayKeysOnPostgres keys) : CrashTests(keys), IClassFixture<RelayKeysOnPostgres>;
