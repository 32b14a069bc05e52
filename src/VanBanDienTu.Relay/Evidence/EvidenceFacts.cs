using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>What one piece of evidence states; what is not known stays out of it.</summary>
internal sealed record EvidenceFacts(EvidenceEvent Event)
{
    public Party? From { get; init; }

    public IReadOnlyList<Party> To { get; init; } = [];

    public string? RequestId { get; init; }

    public string? RequestDigest { get; init; }

    public Guid? DocumentId { get; init; }

    public string? EdxmlDocumentId { get; init; }

    public Guid? MessageId { get; init; }

    /// <summary>The message's immutable digest: binds a receipt to exactly what was received.</summary>
    public string? MessageDigest { get; init; }

    public int? Attempt { get; init; }

    /// <summary>The id that a far side without receipts gave to the packet.</summary>
    public string? FarId { get; init; }

    public IReadOnlyList<(string Name, PayloadRef Payload)> Payloads { get; init; } = [];

    public string? PreviousState { get; init; }

    public string? State { get; init; }

    /// <summary>Business status code, 01 to 16.</summary>
    public string? Status { get; init; }

    public string? PeerCertificate { get; init; }

    /// <summary>SHA-256 of the verification reports that the event rests on.</summary>
    public IReadOnlyList<string> VerificationReports { get; init; } = [];

    public Reason? Reason { get; init; }

    /// <summary>Of <see cref="EvidenceEvent.LogRestored"/>: the last number before the gap, and the first one after it.</summary>
    public (long After, long From, DateTimeOffset Backup)? Log { get; init; }

    /// <summary>Facts about a message: parties, ids, digest, payloads.</summary>
    public static EvidenceFacts About(EvidenceEvent what, MessageHeader message, string digest) => new(what)
    {
        From = message.From,
        To = [message.To],
        EdxmlDocumentId = message.EdxmlDocumentId,
        MessageId = message.Id,
        MessageDigest = digest,
        Payloads = [.. message.Attachments.Select(a => (a.Name, a.Payload))],
    };

    public byte[] ToJson(string evidenceId, string node, string organ, DateTimeOffset time)
    {
        var json = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["event"] = Event.ToString(),
            ["evidenceId"] = evidenceId,
            ["issuer"] = Map(("node", node), ("organ", organ)),
            ["time"] = time.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz"),
            ["timeSource"] = "system-clock",
            ["parties"] = From is null ? null : Map(("from", Party(From)), ("to", To.Select(p => (object?)Party(p)).ToList())),
            ["requestId"] = RequestId,
            ["requestDigest"] = RequestDigest,
            ["documentId"] = DocumentId?.ToString("D"),
            ["edxmlDocumentId"] = EdxmlDocumentId,
            ["messageId"] = MessageId?.ToString("D"),
            ["messageDigest"] = MessageDigest,
            ["attempt"] = Attempt,
            ["farId"] = FarId,
            ["payloads"] = Payloads.Count == 0 ? null : Payloads
                .Select(p => (object?)Map(("name", p.Name), ("size", p.Payload.Size), ("sha256", p.Payload.Sha256))).ToList(),
            ["previousState"] = PreviousState,
            ["state"] = State,
            ["status"] = Status,
            ["peerCertificate"] = PeerCertificate,
            ["verificationReport"] = VerificationReports.Count == 0 ? null : VerificationReports.ToList(),
            ["log"] = Log is not { } log ? null : Map(
                ("after", log.After), ("from", log.From), ("backup", log.Backup.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz"))),
            ["reason"] = Reason is null ? null : Map(("code", Reason.Code), ("vi", Reason.Vi), ("en", Reason.En)),
        };
        return CanonicalJson.Write(json.Where(e => e.Value is not null));
    }

    private static Dictionary<string, object?> Party(Party party) =>
        party.Name is null ? Map(("organ", party.Organ)) : Map(("organ", party.Organ), ("name", party.Name));

    private static Dictionary<string, object?> Map(params ReadOnlySpan<(string Key, object? Value)> entries)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }
}
