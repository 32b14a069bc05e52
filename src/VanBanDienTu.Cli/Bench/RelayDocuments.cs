using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;
using Relayed = VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Documents of one size, each with bytes of its own, from the unit to the government; a hub does not read inside.</summary>
/// <param name="to">The organ that they end at.</param>
internal sealed class RelayDocuments(int size, string to = SampleNetwork.GovernmentOrgan)
{
    private const int ChunkBytes = 256 << 10;
    private const string Name = "cong-van.pdf";
    private static readonly byte[] Envelope = RandomNumberGenerator.GetBytes(2 << 10);
    private readonly byte[] common = RandomNumberGenerator.GetBytes(size);

    private readonly ConcurrentQueue<(Guid Id, string Sha256)> ready = new();

    /// <summary>Hashes documents before the clock runs: that is work of whoever made them, not of the node or the line.</summary>
    public void Prepare(int count) => Parallel.For(0, count, _ =>
    {
        var id = Guid.CreateVersion7();
        ready.Enqueue((id, Convert.ToHexStringLower(SHA256.HashData(Bytes(id)))));
    });

    /// <returns>The parts of the stream: the header, then the bytes.</returns>
    public (string Id, List<DeliverRequest> Parts) Next()
    {
        if (!ready.TryDequeue(out var next))
            next.Sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes(next.Id = Guid.CreateVersion7())));
        var (id, bytes) = (next.Id, Bytes(next.Id));
        var parts = new List<DeliverRequest> { new() { Header = Header(id, next.Sha256) } };
        for (var at = 0; at < size; at += ChunkBytes)
            parts.Add(new DeliverRequest { Chunk = new Chunk { Data = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(at, Math.Min(ChunkBytes, size - at))) } });
        return (id.ToString(), parts);
    }

    private byte[] Bytes(Guid id)
    {
        var bytes = (byte[])common.Clone();
        id.ToByteArray().AsSpan(0, Math.Min(16, size)).CopyTo(bytes);
        return bytes;
    }

    private Proto.MessageHeader Header(Guid id, string sha256)
    {
        var now = TimeProvider.System.GetUtcNow();
        var header = new Relayed.MessageHeader
        {
            Id = id,
            Kind = Relayed.MessageKind.Document,
            From = new Relayed.Party(SampleNetwork.UnitOrgan),
            To = new Relayed.Party(to),
            EdxmlDocumentId = id.ToString(),
            Envelope = Envelope,
            Attachments = [new Relayed.Attachment(Name, new PayloadRef(sha256, size), "application/pdf")],
            Created = now,
        };
        return new Proto.MessageHeader
        {
            MessageId = id.ToString(),
            Kind = Proto.MessageKind.Document,
            From = new Proto.Party { OrganId = header.From.Organ },
            To = new Proto.Party { OrganId = header.To.Organ },
            EdxmlDocumentId = header.EdxmlDocumentId,
            Envelope = UnsafeByteOperations.UnsafeWrap(Envelope),
            Attachments = { new Proto.Attachment { Name = Name, Sha256 = sha256, Size = size, ContentType = "application/pdf" } },
            ImmutableDigest = MessageDigest.Of(header),
            Hops = { new Proto.Hop { OrganId = header.From.Organ, TimeUnixMs = now.ToUnixTimeMilliseconds() } },
            CreatedUnixMs = now.ToUnixTimeMilliseconds(),
        };
    }
}
