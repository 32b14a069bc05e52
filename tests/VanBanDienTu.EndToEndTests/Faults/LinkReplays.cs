using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.TestKit.Faults;
using MessageHeader = VanBanDienTu.Contracts.V1.MessageHeader;
using MessageKind = VanBanDienTu.Contracts.V1.MessageKind;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>Messages that crossed the links are sent once more under the same id, as a node does that never got an answer: the receipt must be the first one, byte for byte.</summary>
internal sealed class LinkReplays(FaultyNetwork network, Ledger ledger)
{
    /// <returns>The receipts, which must all be in their issuers' logs.</returns>
    public async Task<IReadOnlyList<Receipt>> RunAsync(IReadOnlyList<FetchHeader> crossed, CancellationToken ct)
    {
        var receipts = new List<Receipt>();
        foreach (var (caller, node, hops) in ((string, string, int)[])[("unit", "ministry", 1), ("ministry", "government", 2)])
        {
            using var line = new SystemLine(network.PeerOf(caller, node), _ => { });
            foreach (var header in crossed.Where(c => hops == 1 || c.Document.ToOrganId == SampleNetwork.GovernmentOrgan))
            {
                var answer = await line.UntilAnsweredAsync((to, limit) => DeliverAsync(to.Link, Message(header, hops), limit), ct);
                ledger.Answered($"delivery of {header.Document.IncomingId} to {node}", answer.ToByteArray());
                if (answer.Receipt is { } receipt) receipts.Add(receipt.ToReceipt());
            }
        }
        return receipts;
    }

    /// <summary>The header alone: a node that holds the message asks for no bytes.</summary>
    internal static async Task<DeliverResponse> DeliverAsync(AxisLinkService.AxisLinkServiceClient link, MessageHeader header, CancellationToken ct)
    {
        using var call = link.Deliver(cancellationToken: ct);
        await call.RequestStream.WriteAsync(new DeliverRequest { Header = header }, ct);
        return await call.ResponseAsync;
    }

    internal static MessageHeader Message(FetchHeader fetched, int hops)
    {
        var document = fetched.Document;
        var header = new MessageHeader
        {
            MessageId = document.IncomingId,
            Kind = MessageKind.Document,
            From = document.From,
            To = new() { OrganId = document.ToOrganId },
            EdxmlDocumentId = document.EdxmlDocumentId,
            Envelope = fetched.Envelope,
        };
        header.Attachments.AddRange(document.Attachments);
        header.Hops.AddRange(fetched.Hops.Take(hops));
        header.ImmutableDigest = MessageDigest.Of(new()
        {
            Id = Guid.Parse(header.MessageId),
            Kind = Relay.Messages.MessageKind.Document,
            From = new(header.From.OrganId),
            To = new(header.To.OrganId),
            EdxmlDocumentId = header.EdxmlDocumentId,
            Envelope = header.Envelope.Memory,
            Attachments = [.. header.Attachments.Select(a => new Relay.Messages.Attachment(a.Name, new PayloadRef(a.Sha256, a.Size), a.ContentType))],
        });
        return header;
    }
}
