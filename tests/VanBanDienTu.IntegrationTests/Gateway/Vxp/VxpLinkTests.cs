using System.Text;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>The ministry's node is linked upward over VXP; a hub's face plays the axis, and a proxy between them plays the line.</summary>
public sealed class VxpLinkTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private readonly string folder = "vxp-link-" + Guid.NewGuid();
    private GatewayHost axis = null!;
    private AxisProxy line = null!;
    private GatewayHost ministry = null!;
    private UnitClient g22 = null!;
    private UnitClient g99 = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(network[folder]);
        var secret = network[Path.Combine(folder, "secret")];
        await File.WriteAllTextAsync(secret, "bí mật của Bộ Mẫu\n");
        var government = network.Government(Path.Combine(folder, "axis"));
        axis = await network.StartAsync(government with
        {
            Links = [],
            Members = [.. government.Members.Where(m => m.Organ != "G99")],
            Vxp = new VxpConfig
            {
                Listen = "https://127.0.0.1:0",
                Systems = [new() { SystemId = "00.99.W00", SecretFile = secret, Organs = [new VxpOrganConfig { Organ = "G99", Name = "Bộ Mẫu" }] }],
            },
        });
        line = await AxisProxy.StartAsync(axis.VxpAddress!);
        var config = network.Node("ministry", "G99", Path.Combine(folder, "ministry"));
        ministry = await network.StartAsync(config with
        {
            Organs = [network.Organ("G99")],
            Members = [network.Member("G99", "system-G99", MemberRole.System), network.Member("G22", "auditor", MemberRole.Auditor), network.Member("G22", "operator", MemberRole.Operator)],
            Links =
            [
                new LinkConfig
                {
                    Name = "axis", Kind = LinkKind.Vxp, Address = line.Address + "/XrdAdapter/adapter", Routes = ["*"],
                    Vxp = new VxpLinkConfig { SystemId = "00.99.W00", SecretFile = secret, Poll = TimeSpan.FromMilliseconds(200) },
                },
            ],
        });
        g22 = new UnitClient(network.Channel(axis.Address, "system-G22"));
        g99 = new UnitClient(network.Channel(ministry.Address, "system-G99"));
    }

    public async ValueTask DisposeAsync()
    {
        g22.Dispose();
        g99.Dispose();
        await ministry.DisposeAsync();
        await line.DisposeAsync();
        await axis.DisposeAsync();
    }

    [Fact]
    public async Task A_document_goes_up_and_its_statuses_come_down_with_evidence_that_claims_no_more_than_is_known()
    {
        var submitted = await g99.SubmitAsync(UnitClient.Slip("up", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        var arrived = await g22.ArrivedAsync(submitted.EdxmlDocumentId);
        Assert.Equal("Accepted", arrived.Acceptance); // signed by G99's organisation, verified over there from the packet's bytes
        await g22.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId });
        Assert.Equal("Arrived", await LinkTests.StateAsync(g99, submitted.DocumentId, "Arrived"));
        await g22.Incoming.AnswerAsync(new AnswerRequest { IncomingId = arrived.IncomingId, RequestId = "a", Code = "03" });
        await g22.Incoming.AnswerAsync(new AnswerRequest { IncomingId = arrived.IncomingId, RequestId = "b", Code = "06" });
        Assert.Equal("Finished", await LinkTests.StateAsync(g99, submitted.DocumentId, "Finished"));

        using var auditor = new UnitClient(network.Channel(ministry.Address, "auditor"));
        using var call = auditor.Audit.GetEvidence(new GetEvidenceRequest { DocumentId = submitted.DocumentId });
        var events = new List<string>();
        await foreach (var evidence in call.ResponseStream.ReadAllAsync())
            events.Add(evidence.Event);
        Assert.Contains("RelayToNonERDS", events);
        Assert.Contains("ReceivedFromNonERDS", events);
        Assert.DoesNotContain("ContentConsignment", events.Take(events.IndexOf("RelayToNonERDS"))); // nobody over there signed anything for us
        Assert.All(line.Seen.Where(s => s.Operation == "updateStatus"), s => Assert.Equal("done", s.Detail));
    }

    [Fact]
    public async Task A_lost_answer_is_looked_up_before_anything_is_sent_again()
    {
        line.LoseAnswers("sendEdoc", 1);
        var submitted = await g99.SubmitAsync(UnitClient.Slip("lost", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        await g22.ArrivedAsync(submitted.EdxmlDocumentId);
        Assert.Equal("Relayed", await LinkTests.StateAsync(g99, submitted.DocumentId, "Relayed"));
        Assert.Equal(1, line.Count("sendEdoc"));
        Assert.Equal(1, line.Count("getSentEdocList"));
        // The next document under the same number is not taken for that one.
        var header = UnitClient.Slip("lost-2", "G22");
        header.Document.PromulgationDate = "2026-11-23";
        line.LoseAnswers("sendEdoc", 1);
        var second = await g99.SubmitAsync(header, await File.ReadAllBytesAsync(Samples.CongVan));
        await g22.ArrivedAsync(second.EdxmlDocumentId);
        Assert.Equal("Relayed", await LinkTests.StateAsync(g99, second.DocumentId, "Relayed"));
        Assert.Equal(2, line.Count("sendEdoc"));
    }

    [Fact]
    public async Task A_document_comes_down_once_however_often_answers_are_lost()
    {
        foreach (var operation in new[] { "getReceivedEdocList", "getEdoc", "updateStatus" })
            line.LoseAnswers(operation, 2);
        var submitted = await g22.SubmitAsync(UnitClient.Slip("down", "G99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var arrived = await g99.ArrivedAsync(submitted.EdxmlDocumentId);
        Assert.Equal("Arrived", await LinkTests.StateAsync(g22, submitted.DocumentId, "Arrived")); // the node has it: that is the handover over there
        await g99.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId });
        await g99.Incoming.AnswerAsync(new AnswerRequest { IncomingId = arrived.IncomingId, RequestId = "r", Code = "03" });
        Assert.Equal("Accepted", await LinkTests.StateAsync(g22, submitted.DocumentId, "Accepted"));
        Assert.Single((await g99.Incoming.ListAsync(new ListIncomingRequest())).Documents);
        Assert.Equal(3, line.Count("getEdoc")); // two were lost; the raw bytes of the third are durable
    }

    [Fact]
    public async Task A_poisonous_packet_is_failed_and_kept_and_stops_nothing_behind_it()
    {
        line.SpoilNext();
        var poison = await g22.SubmitAsync(UnitClient.Slip("poison", "G99"), await File.ReadAllBytesAsync(Samples.CongVan));
        await g22.PreparedAsync(poison.DocumentId);
        var header = UnitClient.Slip("behind", "G99");
        header.Document.Number = "102";
        var good = await g22.SubmitAsync(header, await File.ReadAllBytesAsync(Samples.CongVan));
        await g99.ArrivedAsync(good.EdxmlDocumentId);
        Assert.Equal("Failed", await LinkTests.StateAsync(g22, poison.DocumentId, "Failed"));
        using var operatorChannel = network.Channel(ministry.Address, "operator");
        var quarantine = await new OperationsService.OperationsServiceClient(operatorChannel).ListQuarantineAsync(new ListQuarantineRequest());
        var kept = Assert.Single(quarantine.Messages);
        Assert.Equal(("axis", (long)"<not-edxml/>".Length), (kept.FromNode, kept.Size));
        Assert.Contains("edXML", kept.Reason.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_keeps_the_documents_and_says_so()
    {
        await File.WriteAllTextAsync(network[Path.Combine(folder, "other")], "bí mật khác\n");
        var config = network.Node("unit", "G99.63", Path.Combine(folder, "unit"));
        var stranger = await network.StartAsync(config with
        {
            Organs = [network.Organ("G99.63")],
            Members = [network.Member("G99.63", "system-G99.63", MemberRole.System), network.Member("G22", "operator", MemberRole.Operator)],
            Links =
            [
                new LinkConfig
                {
                    Name = "axis", Kind = LinkKind.Vxp, Address = line.Address + "/XrdAdapter/adapter", Routes = ["*"],
                    Vxp = new VxpLinkConfig { SystemId = "00.99.W00", SecretFile = network[Path.Combine(folder, "other")] },
                },
            ],
        });
        using var unit = new UnitClient(network.Channel(stranger.Address, "system-G99.63"));
        var submitted = await unit.SubmitAsync(UnitClient.Slip("wrong-secret", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        await unit.PreparedAsync(submitted.DocumentId);
        for (var patience = new Patience(); patience.Lasts;)
        {
            var delivery = (await unit.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = submitted.DocumentId })).Deliveries[0];
            Assert.Equal("Queued", delivery.State);
            if (delivery.LastError.Contains("VXP 15", StringComparison.Ordinal))
                return;
            await Task.Delay(100);
        }

        Assert.Fail("The refusal is not shown.");
    }
}
