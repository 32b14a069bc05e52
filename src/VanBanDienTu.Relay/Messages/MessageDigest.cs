using System.Security.Cryptography;
using VanBanDienTu.Relay.Evidence;

namespace VanBanDienTu.Relay.Messages;

/// <summary>The digest of what never changes on the way: all but the trace, the urgency and the backing evidence.</summary>
public static class MessageDigest
{
    /// <summary>SHA-256, lower-case hexadecimal, over the canonical JSON of the message's immutable part.</summary>
    public static string Of(MessageHeader message) => Hex(CanonicalJson.Write(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["message"] = message.Id.ToString("D"),
        ["kind"] = message.Kind.ToString(),
        ["from"] = message.From.Organ,
        ["to"] = message.To.Organ,
        ["edxmlDocumentId"] = message.EdxmlDocumentId,
        ["concerns"] = message.Concerns?.ToString("D"),
        ["envelope"] = Hex(message.Envelope.Span),
        ["attachments"] = message.Attachments.Select(a => (object?)new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = a.Name,
            ["size"] = a.Payload.Size,
            ["sha256"] = a.Payload.Sha256,
        }).ToList(),
    }));

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
