using Google.Protobuf;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Restored;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>A message between nodes, on the wire and in the relay.</summary>
internal static class MessageShapes
{
    public static Proto.MessageHeader ToProto(this MessageHeader header, string immutableDigest)
    {
        var wire = new Proto.MessageHeader
        {
            MessageId = header.Id.ToString(),
            Kind = (Proto.MessageKind)(int)header.Kind,
            From = header.From.ToProto(),
            To = header.To.ToProto(),
            EdxmlDocumentId = header.EdxmlDocumentId,
            Envelope = UnsafeByteOperations.UnsafeWrap(header.Envelope),
            ImmutableDigest = immutableDigest,
            Urgency = (Proto.Urgency)(int)header.Urgency,
            CreatedUnixMs = header.Created.ToUnixTimeMilliseconds(),
            ConcernsMessageId = header.Concerns?.ToString() ?? "",
        };
        wire.Attachments.Add(header.Attachments.Select(attachment => attachment.ToProto()));
        wire.Hops.Add(header.Hops.Select(hop => hop.ToProto()));
        wire.Evidence.Add(header.Evidence.Select(evidence => evidence.ToProto()));
        return wire;
    }

    /// <summary>Reads a neighbour's header.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>, naming every bad field.</exception>
    public static MessageHeader ToRelay(this Proto.MessageHeader wire)
    {
        var problems = new List<FieldProblem>();
        if (!Guid.TryParseExact(wire.MessageId, "D", out var id))
            problems.Add(new("message_id", "phải là UUID", "must be a UUID"));
        Guid? concerns = null;
        if (wire.ConcernsMessageId.Length > 0)
        {
            if (Guid.TryParseExact(wire.ConcernsMessageId, "D", out var about))
                concerns = about;
            else
                problems.Add(new("concerns_message_id", "phải là UUID", "must be a UUID"));
        }

        if (wire.Kind is not (Proto.MessageKind.Document or Proto.MessageKind.Status or Proto.MessageKind.Failure))
            problems.Add(new("kind", "không có loại này", "is not a kind of message"));
        if (wire.Envelope.Length > MessageHeader.MaxEnvelopeBytes)
            problems.Add(new("envelope", "dài quá 1 MiB", "is longer than 1 MiB"));
        if (wire.Hops.Count > MessageHeader.MaxHops)
            problems.Add(new("hops", $"quá {MessageHeader.MaxHops} chặng", $"has more than {MessageHeader.MaxHops} hops"));
        for (var i = 0; i < wire.Attachments.Count; i++)
            if (!IsDigest(wire.Attachments[i].Sha256) || wire.Attachments[i].Size < 0)
                problems.Add(new($"attachments[{i}]", "thiếu sha256 hoặc kích thước", "lacks its sha256 or size"));
        if (problems.Count > 0)
            throw RelayException.For(problems);
        return new MessageHeader
        {
            Id = id,
            Kind = (MessageKind)(int)wire.Kind,
            From = wire.From.ToRelay(),
            To = wire.To.ToRelay(),
            EdxmlDocumentId = wire.EdxmlDocumentId,
            Envelope = wire.Envelope.Memory,
            Attachments = [.. wire.Attachments.Select(a => a.ToRelay(new PayloadRef(a.Sha256, a.Size)))],
            Hops = [.. wire.Hops.Select(hop => hop.ToRelay())],
            Urgency = (Urgency)Math.Clamp((int)wire.Urgency, 0, 3),
            Created = wire.CreatedUnixMs.ToInstant(),
            Concerns = concerns,
            Evidence = [.. wire.Evidence.Select(evidence => evidence.ToRelay())],
        };
    }

    public static Proto.ExchangedMessage ToProto(this ExchangedMessage message) => new()
    {
        MessageId = message.Id.ToString(),
        Kind = (Proto.MessageKind)(int)message.Kind,
        ImmutableDigest = message.Digest,
        From = message.From.ToProto(),
        To = message.To.ToProto(),
        SentByCaller = message.ByAsker,
        Evidence = message.Evidence.ToProto(),
        CarrierMessageId = message.Carrier?.ToString() ?? "",
        TimeUnixMs = message.Time.ToUnixTimeMilliseconds(),
    };

    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>.</exception>
    public static ExchangedMessage ToRelay(this Proto.ExchangedMessage wire) => new(
        wire.MessageId.ToId(), (MessageKind)(int)wire.Kind, wire.SentByCaller, wire.ImmutableDigest, wire.From?.ToRelay() ?? new Party(""), wire.To?.ToRelay() ?? new Party(""),
        wire.Evidence.ToRelay(), wire.CarrierMessageId.Length > 0 ? wire.CarrierMessageId.ToId() : null, wire.TimeUnixMs.ToInstant());

    private static bool IsDigest(string hex) => hex.Length == 64 && hex.All(c => char.IsAsciiHexDigitLower(c));
}
