using Google.Protobuf;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;
using RelayMessages = VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The shapes that several services share, from the relay's records to the contract's messages and back.</summary>
internal static class Shapes
{
    public static Proto.Evidence ToProto(this SignedEvidence evidence) => new()
    {
        EvidenceId = evidence.EvidenceId,
        Event = evidence.Event,
        Json = UnsafeByteOperations.UnsafeWrap(evidence.Json),
        Signature = UnsafeByteOperations.UnsafeWrap(evidence.Signature),
        TimeUnixMs = evidence.Time.ToUnixTimeMilliseconds(),
        Issuer = evidence.Issuer,
    };

    public static SignedEvidence ToRelay(this Proto.Evidence evidence) => new(
        evidence.EvidenceId, evidence.Event, evidence.Json.Memory, evidence.Signature.Memory, evidence.TimeUnixMs.ToInstant(), evidence.Issuer);

    public static Proto.Party ToProto(this RelayMessages.Party party) => new() { OrganId = party.Organ, Name = party.Name ?? "" };

    public static RelayMessages.Party ToRelay(this Proto.Party? party) => new(party?.OrganId ?? "", party?.Name.NullWhenEmpty());

    public static Proto.Attachment ToProto(this RelayMessages.Attachment attachment) => new()
    {
        Name = attachment.Name,
        Sha256 = attachment.Payload.Sha256,
        Size = attachment.Payload.Size,
        Description = attachment.Description ?? "",
        ContentType = attachment.ContentType,
    };

    public static RelayMessages.Attachment ToRelay(this Proto.Attachment attachment, PayloadRef payload) =>
        new(attachment.Name, payload, attachment.ContentType, attachment.Description.NullWhenEmpty());

    public static Proto.Hop ToProto(this RelayMessages.Hop hop) => new() { OrganId = hop.Organ, TimeUnixMs = hop.Time.ToUnixTimeMilliseconds() };

    public static RelayMessages.Hop ToRelay(this Proto.Hop hop) => new(hop.OrganId, hop.TimeUnixMs.ToInstant());

    public static Proto.ResponseLink ToProto(this RelayMessages.ResponseLink response) => new()
    {
        Id = response.Id.ToString(),
        From = response.Organ.ToProto(),
        Code = response.Code,
        EdxmlDocumentId = response.EdxmlDocumentId,
        TimeUnixMs = response.Time.ToUnixTimeMilliseconds(),
    };

    public static Proto.Text ToText(this RelayMessages.Reason reason) => new() { Vi = reason.Vi, En = reason.En };

    /// <summary>Unix milliseconds of a caller; out of range counts as the epoch, never as a fault.</summary>
    public static DateTimeOffset ToInstant(this long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMilliseconds, 0, 253_402_300_799_999));

    public static long ToUnixOrZero(this DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds() ?? 0;

    public static string? NullWhenEmpty(this string text) => text.Length == 0 ? null : text;
}
