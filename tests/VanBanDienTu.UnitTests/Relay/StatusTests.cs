using System.Text;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class StatusTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    private static readonly PeerNode Hub = new("ministry", "G99", new string('c', 64));

    [Fact]
    public async Task Statuses_late_twice_and_out_of_order_are_all_kept_and_the_state_never_moves_back()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        var (finished, arrived) = (Status(delivery, EdxmlStatusCode.Finished), Status(delivery, EdxmlStatusCode.Arrived));
        await ReportAsync(nodes, finished, finished, arrived, Status(delivery, EdxmlStatusCode.Arrived));
        var now = await CurrentAsync(nodes);
        Assert.Equal((DeliveryState.Finished, false), (now.State, now.Contradicted));
        Assert.Equal(["01", "01", "06"], now.History.Select(h => h.Code).Order());
        Assert.Equal(3, (await nodes.Unit.EvidenceAsync()).Count(e => e.Event == "ReceivedFromNonERDS"));
    }

    [Fact]
    public async Task A_contradiction_is_kept_and_flagged_and_what_comes_after_it_still_counts()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        await ReportAsync(
            nodes, Status(delivery, EdxmlStatusCode.Accepted, minute: 1), Status(delivery, EdxmlStatusCode.Rejected, "Nhầm", 2), Status(delivery, EdxmlStatusCode.InProgress, minute: 3));
        var now = await CurrentAsync(nodes);
        Assert.Equal((DeliveryState.InProgress, true), (now.State, now.Contradicted));
        Assert.Equal("02", Assert.Single(now.History, h => h.Contradicts).Code);
    }

    [Fact]
    public async Task A_rejection_carries_its_reason_and_15_without_a_request_contradicts()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        await ReportAsync(nodes, Status(delivery, EdxmlStatusCode.Rejected, "Sai nơi nhận"), Status(delivery, EdxmlStatusCode.ChangeAgreed));
        var now = await CurrentAsync(nodes);
        Assert.Equal((DeliveryState.Rejected, "G99", "Sai nơi nhận"), (now.State, now.By, now.Reason!.Vi));
        Assert.True(Assert.Single(now.History, h => h.Code == "15").Contradicts);
    }

    [Fact]
    public async Task A_status_without_our_id_is_matched_by_document_and_reporting_organ()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        await ReportAsync(nodes, Status(delivery, EdxmlStatusCode.Arrived) with { Concerns = null });
        Assert.Equal(DeliveryState.Arrived, (await CurrentAsync(nodes)).State);
    }

    [Fact]
    public async Task What_cannot_be_matched_or_trusted_goes_to_quarantine_with_its_bytes_and_blocks_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        var unknown = Status(delivery, EdxmlStatusCode.Arrived) with { Concerns = Guid.NewGuid(), EdxmlDocumentId = "khác" };
        unknown = Messages.Status("G99", "G99.63", Guid.NewGuid(), "khác", EdxmlStatusCode.Arrived);
        var notTheRecipient = Messages.Status("H99", "G99.63", delivery.MessageId, Edxml, EdxmlStatusCode.Finished);
        var stolen = Status(delivery, EdxmlStatusCode.Finished) with { Evidence = [(await nodes.Ministry.EvidenceAsync())[0] with { Event = "ContentHandover" }] };
        await ReportAsync(nodes, unknown, notTheRecipient, stolen, Status(delivery, EdxmlStatusCode.Arrived));
        Assert.Equal(DeliveryState.Arrived, (await CurrentAsync(nodes)).State);
        var kept = await nodes.Unit.Node.Health.QuarantineAsync(10, default);
        Assert.Equal(new[] { unknown.Id, notTheRecipient.Id, stolen.Id }.Order(), kept.Select(q => q.MessageId!.Value).Order());
        Assert.All(kept, q => Assert.NotEqual(0, q.Bytes.Length));
    }

    [Fact]
    public async Task A_failure_report_that_nobody_signed_changes_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var delivery = await RelayedAsync(nodes);
        var forged = new MessageHeader
        {
            Id = Guid.NewGuid(), Kind = MessageKind.Failure, From = new Party("G99"), To = new Party("G99.63"), EdxmlDocumentId = Edxml,
            Envelope = ReadOnlyMemory<byte>.Empty, Concerns = delivery.MessageId, Evidence = [(await nodes.Ministry.EvidenceAsync())[0] with { Event = "RelayFailure" }],
        };
        await ReportAsync(nodes, forged);
        Assert.Equal(DeliveryState.Relayed, (await CurrentAsync(nodes)).State);
        Assert.Single(await nodes.Unit.Node.Health.QuarantineAsync(10, default));
    }

    [Fact]
    public async Task A_failure_report_of_a_hub_that_is_not_on_the_way_changes_nothing()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        document = await nodes.Ministry.SubmitAsync("G22");
        await nodes.Ministry.RunAsync();
        var delivery = await nodes.Ministry.DeliveryAsync(document);
        Assert.Equal(DeliveryState.Relayed, delivery.State);
        await ReportAsync(nodes.Ministry, Failure("unit", "G99.63", delivery.MessageId));
        Assert.Equal(DeliveryState.Relayed, (await nodes.Ministry.DeliveryAsync(document)).State); // the way to G22 leads up, not down to that unit
        Assert.Single(await nodes.Ministry.Node.Health.QuarantineAsync(10, default));
        await ReportAsync(nodes.Ministry, Failure("government", "G22", delivery.MessageId));
        Assert.Equal(DeliveryState.Failed, (await nodes.Ministry.DeliveryAsync(document)).State);
    }

    private MessageHeader Failure(string node, string organ, Guid concerned)
    {
        var id = Guid.NewGuid().ToString();
        var json = Encoding.UTF8.GetBytes(
            $$"""{"event":"RelayFailure","evidenceId":"{{id}}","issuer":{"node":"{{node}}","organ":"{{organ}}"},"messageId":"{{concerned}}"}""");
        return new MessageHeader
        {
            Id = Guid.NewGuid(), Kind = MessageKind.Failure, From = new Party(organ), To = new Party("G99"), EdxmlDocumentId = Edxml,
            Envelope = ReadOnlyMemory<byte>.Empty, Concerns = concerned,
            Evidence = [new SignedEvidence(id, "RelayFailure", json, new EvidenceSigner(keys.Key($"evidence-{node}")).Sign(json), keys.Time.GetUtcNow(), node)],
        };
    }

    private const string Edxml = "G99.63,2026/11/20,101/CQM1-VP";

    private Guid document;

    private async Task<DeliveryView> RelayedAsync(ThreeNodes nodes)
    {
        document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        return await CurrentAsync(nodes);
    }

    private Task<DeliveryView> CurrentAsync(ThreeNodes nodes) => nodes.Unit.DeliveryAsync(document);

    private static MessageHeader Status(DeliveryView delivery, EdxmlStatusCode code, string? why = null, int minute = 0) =>
        Messages.Status("G99", "G99.63", delivery.MessageId, Edxml, code, why, DateTimeOffset.UnixEpoch.AddMinutes(minute));

    private static Task ReportAsync(ThreeNodes nodes, params MessageHeader[] statuses) => ReportAsync(nodes.Unit, statuses);

    private static async Task ReportAsync(TestNode to, params MessageHeader[] statuses)
    {
        foreach (var status in statuses)
            Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(to, status, Hub));
    }
}
