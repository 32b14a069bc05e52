using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Net.Client;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Signing.Evidence;
using RelayMessage = VanBanDienTu.Relay.Messages.MessageHeader;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>What a neighbour and a unit's system say to a node in a day: today's client says it, and it is written down.</summary>
internal static class WireConversation
{
    private const string Pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n";

    public static async Task RecordAsync(string folder)
    {
        WireNode.WriteKeys(folder);
        var now = TimeProvider.System.GetUtcNow();
        await using var node = await WireNode.StartAsync(folder, now);
        var calls = new List<WireCall>();
        using var neighbour = Line(node, WireNode.Neighbour, calls);
        using var unit = Line(node, WireNode.Unit, calls);
        var link = new AxisLinkService.AxisLinkServiceClient(neighbour);
        await link.HelloAsync(new HelloRequest { Node = "ministry" });
        var arrived = await DocumentAsync(link, now);
        await FetchedAsync(new UnitClient(unit), arrived);
        await SentAsync(new UnitClient(unit));
        await StatusAsync(link, node, now);
        await RememberedAsync(link, arrived, now);
        await new DirectoryService.DirectoryServiceClient(neighbour).ListUnitsAsync(new ListUnitsRequest());
        WireRecording.Write(folder, now, calls);
    }

    private static GrpcChannel Line(WireNode node, string caller, List<WireCall> calls) =>
        GrpcChannel.ForAddress(node.Address, new GrpcChannelOptions { HttpHandler = new WireRecorder(caller, calls, node.LineOf(caller)), DisposeHttpClient = true });

    /// <summary>Asked how much is held; uploaded in parts, each with its check; offered once more.</summary>
    private static async Task<MessageHeader> DocumentAsync(AxisLinkService.AxisLinkServiceClient link, DateTimeOffset now)
    {
        var bytes = Blank();
        var header = LinkTests.Message(bytes, "H99");
        header.Urgency = Urgency.VeryUrgent;
        header.CreatedUnixMs = header.Hops[0].TimeUnixMs = now.ToUnixTimeMilliseconds();
        var held = new GetUploadRequest { Id = header.MessageId };
        held.Attachments.Add(header.Attachments);
        await link.GetUploadAsync(held);
        using (var upload = link.Deliver())
        {
            await upload.RequestStream.WriteAsync(new DeliverRequest { Header = header });
            for (var at = 0; at < bytes.Length; at += 100)
            {
                var part = bytes.AsMemory(at, Math.Min(100, bytes.Length - at));
                await upload.RequestStream.WriteAsync(new DeliverRequest
                {
                    Chunk = new Chunk { Data = ByteString.CopyFrom(part.Span), Offset = at, Crc32C = Relay.Payloads.Crc32C.Of(part.Span) },
                });
            }

            await upload.RequestStream.CompleteAsync();
            Assert.True((await upload.ResponseAsync).Accepted);
        }

        Assert.True((await LinkTests.DeliverAsync(link, header, [])).Accepted);
        return header;
    }

    private static async Task FetchedAsync(UnitClient unit, MessageHeader document)
    {
        await UntilAsync(async () => // it carries no signature
            (await unit.Incoming.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true })).Documents is [{ Acceptance: "Held" }]);
        await unit.FetchAsync(document.MessageId);
        await unit.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = document.MessageId, Sha256 = document.Attachments[0].Sha256 });
        await unit.Incoming.AnswerAsync(new AnswerRequest { IncomingId = document.MessageId, RequestId = "answer-1", Code = "03", Staff = "Văn thư" });
        using var evidence = unit.Audit.GetEvidence(new GetEvidenceRequest { MessageId = document.MessageId });
        while (await evidence.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    private static async Task SentAsync(UnitClient unit)
    {
        await unit.SubmitAsync(UnitClient.Slip("wire-1", "G99"), Blank());
        await UntilAsync(async () => // nobody answers there what is revoked, so the signed document is held
            (await unit.Outgoing.ListAsync(new ListOutgoingRequest { Code = "101/CQM1-VP" })).Documents is [{ State: "Held" }]);
    }

    /// <summary>A status with signed evidence, about a document that nobody here sent.</summary>
    private static async Task StatusAsync(AxisLinkService.AxisLinkServiceClient link, WireNode node, DateTimeOffset now)
    {
        var (id, about) = (Guid.NewGuid(), Guid.NewGuid());
        using var key = node.Open(WireNode.NeighbourEvidence);
        var json = new EvidenceFacts(EvidenceEvent.ContentHandover)
        {
            From = new Relay.Messages.Party("H99"), To = [new Relay.Messages.Party("G99")], MessageId = about, Status = "01",
        }.ToJson(Guid.NewGuid().ToString("D"), "ministry", "G99", now);
        var header = new MessageHeader
        {
            MessageId = id.ToString(),
            Kind = MessageKind.Status,
            From = new Party { OrganId = "G99", Name = "Bộ Mẫu" },
            To = new Party { OrganId = "H99" },
            EdxmlDocumentId = "H99,2026/11/22,101/CQM1-VP",
            Envelope = ByteString.CopyFrom(EdxmlWriter.WriteStatus(new EdxmlStatus
            {
                From = new EdxmlOrgan { OrganId = OrganId.Parse("G99"), Name = "Bộ Mẫu" },
                ResponseFor = new ResponseFor(OrganId.Parse("H99"), "101/CQM1-VP", "H99,2026/11/22,101/CQM1-VP", new DateOnly(2026, 11, 22)),
                StatusCode = EdxmlStatusCode.Arrived,
                Description = "Đã đến",
                Timestamp = now,
                Staff = new StaffInfo { Department = "Văn phòng", Staff = "Văn thư" },
            })),
            CreatedUnixMs = now.ToUnixTimeMilliseconds(),
            ConcernsMessageId = about.ToString(),
        };
        header.Hops.Add(new Hop { OrganId = "G99", TimeUnixMs = header.CreatedUnixMs });
        header.Evidence.Add(new Evidence
        {
            EvidenceId = System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("evidenceId").GetString(), Event = "ContentHandover", Issuer = "ministry",
            Json = ByteString.CopyFrom(json), Signature = ByteString.CopyFrom(new EvidenceSigner(key).Sign(json)), TimeUnixMs = header.CreatedUnixMs,
        });
        header.ImmutableDigest = Relay.Messages.MessageDigest.Of(new RelayMessage
        {
            Id = id, Kind = Relay.Messages.MessageKind.Status, From = new("G99", "Bộ Mẫu"), To = new("H99"), EdxmlDocumentId = header.EdxmlDocumentId,
            Envelope = header.Envelope.Memory, Attachments = [], Concerns = about,
        });
        Assert.True((await LinkTests.DeliverAsync(link, header, [])).Accepted);
    }

    /// <summary>What a node asks that was restored from a backup.</summary>
    private static async Task RememberedAsync(AxisLinkService.AxisLinkServiceClient link, MessageHeader document, DateTimeOffset now)
    {
        for (var page = "first"; page.Length > 0;)
        {
            var listed = await link.ListExchangedAsync(new ListExchangedRequest { SinceUnixMs = now.AddHours(-1).ToUnixTimeMilliseconds(), Page = page == "first" ? "" : page });
            page = listed.NextPage;
        }

        using var whole = link.FetchExchanged(new FetchExchangedRequest { MessageId = document.MessageId });
        while (await whole.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var i = 0; !await reached(); i++)
        {
            Assert.True(i < 300, "The node did not come to that.");
            await Task.Delay(100);
        }
    }

    /// <summary>The smallest file that a reader opens.</summary>
    private static byte[] Blank()
    {
        var text = new StringBuilder(Pdf).Append("xref\n0 4\n0000000000 65535 f \n");
        foreach (var number in (int[])[1, 2, 3])
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Pdf.IndexOf($"{number} 0 obj", StringComparison.Ordinal):D10} 00000 n \n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"trailer<</Root 1 0 R/Size 4>>\nstartxref\n{Pdf.Length}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
