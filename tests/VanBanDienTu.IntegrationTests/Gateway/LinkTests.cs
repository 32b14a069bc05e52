using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Two nodes that know each other: the ministry's and the government's.</summary>
public sealed class LinkTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_document_crosses_from_node_to_node_and_its_receipt_comes_back()
    {
        var (ministry, government) = await PairAsync("cross");
        using var sender = new UnitClient(network.Channel(ministry.Address, "system-G99"));
        using var recipient = new UnitClient(network.Channel(government.Address, "system-H99"));
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan);

        var submitted = await sender.SubmitAsync(UnitClient.Slip("cross-1", "H99"), pdf);
        var arrived = await recipient.ArrivedAsync(submitted.EdxmlDocumentId);
        var (header, bytes) = await recipient.FetchAsync(arrived.IncomingId);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await recipient.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId, Sha256 = sha256 });

        Assert.Equal(arrived.Attachments[0].Sha256, sha256);
        Assert.True(bytes.AsSpan().StartsWith(pdf), "the signed document begins with the submitted bytes");
        Assert.Equal(["G99"], header.Hops.Select(hop => hop.OrganId));
        Assert.Equal("Arrived", await StateAsync(sender, submitted.DocumentId, "Arrived"));
    }

    [Fact]
    public async Task A_neighbour_that_is_down_is_reached_when_it_comes_back()
    {
        var (ministry, government) = await PairAsync("down");
        using var sender = new UnitClient(network.Channel(ministry.Address, "system-G99"));
        await government.StopAsync();
        await government.DisposeAsync();
        var submitted = await sender.SubmitAsync(UnitClient.Slip("down-1", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var waiting = await sender.PreparedAsync(submitted.DocumentId);
        Assert.Equal("Queued", waiting.Deliveries[0].State);

        var again = await network.StartAsync(GovernmentFor("down", new Uri(government.Address).Port));
        using var recipient = new UnitClient(network.Channel(again.Address, "system-H99"));
        Assert.Equal(waiting.Deliveries[0].MessageId, (await recipient.ArrivedAsync(submitted.EdxmlDocumentId)).IncomingId);
        Assert.Equal("Relayed", await StateAsync(sender, submitted.DocumentId, "Relayed"));
    }

    [Fact]
    public async Task A_server_with_another_certificate_is_not_the_neighbour()
    {
        var (ministry, _) = await PairAsync("pinned", pin: "node-unit");
        using var sender = new UnitClient(network.Channel(ministry.Address, "system-G99"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("pinned-1", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        await sender.PreparedAsync(submitted.DocumentId);
        for (var patience = new Patience(); patience.Lasts;)
        {
            var delivery = (await sender.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = submitted.DocumentId })).Deliveries[0];
            Assert.Equal("Queued", delivery.State);
            if (delivery.Attempts > 0 && delivery.LastError.Length > 0)
                return;
            await Task.Delay(100);
        }

        Assert.Fail("No attempt was made.");
    }

    [Fact]
    public async Task A_message_that_the_node_holds_is_answered_from_its_header_with_the_same_receipt()
    {
        var (_, government) = await PairAsync("again");
        using var channel = network.Channel(government.Address, "node-ministry");
        var client = new AxisLinkService.AxisLinkServiceClient(channel);
        var bytes = new byte[3 << 20];
        RandomNumberGenerator.Fill(bytes);
        var header = Message(bytes, "H99");
        var first = await DeliverAsync(client, header, bytes);
        Assert.True(first.Accepted, first.Reason?.En);
        Assert.Equal("ContentConsignment", first.Receipt.Event);

        using var again = client.Deliver(deadline: DateTime.UtcNow.AddMinutes(5));
        await again.RequestStream.WriteAsync(new DeliverRequest { Header = header }); // and not one byte more
        var second = await again.ResponseAsync;

        Assert.Equal(first.Receipt, second.Receipt);
        Assert.Equal(first, await DeliverAsync(client, header, bytes)); // a caller that goes on sending is answered as well
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_a_signed_conflict()
    {
        var (_, government) = await PairAsync("conflict");
        using var channel = network.Channel(government.Address, "node-ministry");
        var client = new AxisLinkService.AxisLinkServiceClient(channel);
        byte[] bytes = [1, 2, 3];
        var header = Message(bytes, "H99");
        Assert.True((await DeliverAsync(client, header, bytes)).Accepted);
        byte[] others = [1, 2, 4];
        var changed = Message(others, "H99");
        changed.MessageId = header.MessageId;
        changed.ImmutableDigest = Digest(changed);
        var error = await Assert.ThrowsAsync<RpcException>(() => DeliverAsync(client, changed, others));
        CallerTests.AssertError(error, StatusCode.AlreadyExists, "MESSAGE_ID_REUSED");
        Assert.Contains(error.GetRpcStatus()!.Details, detail => detail.Is(Evidence.Descriptor));
    }

    [Fact]
    public async Task Bytes_that_differ_from_the_header_leave_nothing_behind()
    {
        var (_, government) = await PairAsync("differ");
        using var channel = network.Channel(government.Address, "node-ministry");
        var client = new AxisLinkService.AxisLinkServiceClient(channel);
        byte[] bytes = [1, 2, 3];
        var header = Message(bytes, "H99");
        var error = await Assert.ThrowsAsync<RpcException>(() => DeliverAsync(client, header, [1, 2, 9]));
        CallerTests.AssertError(error, StatusCode.InvalidArgument, "DIGEST_MISMATCH");
        Assert.True((await DeliverAsync(client, header, bytes)).Accepted); // and the right bytes are taken afterwards
    }

    [Fact]
    public async Task A_message_for_an_organ_without_a_route_is_refused_with_a_signed_reason()
    {
        var (_, government) = await PairAsync("no-route");
        using var channel = network.Channel(government.Address, "node-ministry");
        byte[] bytes = [1];
        var answer = await DeliverAsync(new AxisLinkService.AxisLinkServiceClient(channel), Message(bytes, "G50"), bytes);
        Assert.False(answer.Accepted);
        Assert.Equal("ROUTE_UNKNOWN", answer.ReasonCode);
        Assert.Equal("RelayRejection", answer.Receipt.Event);
        Assert.NotEmpty(answer.Reason.Vi);
    }

    [Fact]
    public async Task A_units_node_forwards_nothing()
    {
        var unit = await network.StartAsync(network.Government("unit-role") with { Role = NodeRole.Unit });
        using var channel = network.Channel(unit.Address, "node-ministry");
        byte[] bytes = [1];
        var error = await Assert.ThrowsAsync<RpcException>(() => DeliverAsync(new AxisLinkService.AxisLinkServiceClient(channel), Message(bytes, "G99"), bytes));
        CallerTests.AssertError(error, StatusCode.FailedPrecondition, "ROUTE_UNKNOWN");
    }

    private async Task<(GatewayHost Ministry, GatewayHost Government)> PairAsync(string name, string pin = "node-government")
    {
        var port = FreePort.Take();
        var government = await network.StartAsync(GovernmentFor(name, 0) with
        {
            Links = [network.Link("ministry", "G99", $"https://127.0.0.1:{port}", "G99")],
        });
        var ministry = await network.StartAsync(network.Node("ministry", "G99", name + "-ministry") with
        {
            Listen = $"https://127.0.0.1:{port}",
            Organs = [network.Organ("G99")],
            Members = [network.Member("G99", "system-G99", MemberRole.System), network.Member("G22", "node-government", MemberRole.Node)],
            Links = [network.Link("government", "G22", government.Address, "*") with { PeerCertificates = [network.Sha256Of(pin)] }],
        });
        return (ministry, government);
    }

    private NodeConfig GovernmentFor(string name, int port)
    {
        var config = network.Government(name + "-government");
        return config with { Listen = $"https://127.0.0.1:{port}" };
    }

    internal static async Task<DeliverResponse> DeliverAsync(AxisLinkService.AxisLinkServiceClient client, MessageHeader header, byte[] bytes)
    {
        using var call = client.Deliver(deadline: DateTime.UtcNow.AddMinutes(5));
        try
        {
            await call.RequestStream.WriteAsync(new DeliverRequest { Header = header });
            foreach (var chunk in UnitClient.Chunks(0, bytes))
                await call.RequestStream.WriteAsync(new DeliverRequest { Chunk = chunk });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The node answered while we wrote.
        }

        return await call.ResponseAsync;
    }

    internal static MessageHeader Message(byte[] bytes, string to, string from = "G99")
    {
        var header = new MessageHeader
        {
            MessageId = Guid.NewGuid().ToString(),
            Kind = MessageKind.Document,
            From = new Party { OrganId = from, Name = "Bộ Mẫu" },
            To = new Party { OrganId = to },
            EdxmlDocumentId = "G99,2026/11/22,7/BM-VP",
            Envelope = ByteString.CopyFromUtf8(Envelope.Replace("{to}", to, StringComparison.Ordinal).Replace("{from}", from, StringComparison.Ordinal)),
            CreatedUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        header.Attachments.Add(new Attachment
        {
            Name = "a.pdf", ContentType = "application/pdf", Size = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        });
        header.Hops.Add(new Hop { OrganId = from, TimeUnixMs = header.CreatedUnixMs });
        header.ImmutableDigest = Digest(header);
        return header;
    }

    // The text that the immutable digest is taken over, written a second time: as another implementation would read it.
    private static string Digest(MessageHeader header) => Relay.Messages.MessageDigest.Of(new Relay.Messages.MessageHeader
    {
        Id = Guid.Parse(header.MessageId),
        Kind = (Relay.Messages.MessageKind)(int)header.Kind,
        From = new(header.From.OrganId, header.From.Name),
        To = new(header.To.OrganId),
        EdxmlDocumentId = header.EdxmlDocumentId,
        Envelope = header.Envelope.Memory,
        Attachments = [.. header.Attachments.Select(a => new Relay.Messages.Attachment(a.Name, new Relay.Payloads.PayloadRef(a.Sha256, a.Size), a.ContentType))],
    });

    internal static async Task<string> StateAsync(UnitClient client, string documentId, string wanted)
    {
        var state = "";
        for (var patience = new Patience(); patience.Lasts && state != wanted;)
        {
            state = (await client.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId })).Deliveries[0].State;
            if (state != wanted)
                await Task.Delay(50);
        }

        return state;
    }

    private const string Envelope = """
        <?xml version="1.0" encoding="utf-8"?>
        <edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLEnvelope><edXML:edXMLHeader><edXML:MessageHeader>
        <edXML:From><edXML:OrganId>{from}</edXML:OrganId><edXML:OrganName>Bộ Mẫu</edXML:OrganName></edXML:From>
        <edXML:To><edXML:OrganId>{to}</edXML:OrganId><edXML:OrganName>Nơi nhận</edXML:OrganName></edXML:To>
        <edXML:DocumentId>G99,2026/11/22,7/BM-VP</edXML:DocumentId>
        <edXML:Code><edXML:CodeNumber>7</edXML:CodeNumber><edXML:CodeNotation>BM-VP</edXML:CodeNotation></edXML:Code>
        <edXML:PromulgationInfo><edXML:Place>Hà Nội</edXML:Place><edXML:PromulgationDate>2026/11/22</edXML:PromulgationDate></edXML:PromulgationInfo>
        <edXML:DocumentType><edXML:Type>2</edXML:Type><edXML:TypeDetail>1</edXML:TypeDetail><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
        <edXML:Subject>V/v thử</edXML:Subject><edXML:Content>V/v thử</edXML:Content>
        <edXML:SignerInfo><edXML:Competence>TM.</edXML:Competence><edXML:Position>Chánh Văn phòng</edXML:Position><edXML:FullName>Người Ký</edXML:FullName></edXML:SignerInfo>
        </edXML:MessageHeader><edXML:TraceHeaderList><edXML:TraceHeader><edXML:OrganId>{from}</edXML:OrganId><edXML:Timestamp>2026/11/22 08:00:00</edXML:Timestamp></edXML:TraceHeader>
        <edXML:Bussiness><edXML:BussinessDocType>0</edXML:BussinessDocType></edXML:Bussiness></edXML:TraceHeaderList></edXML:edXMLHeader>
        <edXML:edXMLBody><edXML:edXMLManifest version="1.0"><edXML:Reference><edXML:ContentId>cid:1</edXML:ContentId><edXML:ContentType>application/pdf</edXML:ContentType>
        <edXML:AttachmentName>a.pdf</edXML:AttachmentName></edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope></edXML:edXML>
        """;
}
