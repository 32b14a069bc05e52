using System.Text.Json;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;

namespace VanBanDienTu.Relay.Receipts;

/// <summary>Whether a peer's evidence says what it must, about the right message, under a signature that leads to our anchors.</summary>
internal sealed class ReceiptCheck(Ground ground)
{
    private readonly EvidencePaths paths = new();

    /// <summary>The events that acknowledge a message.</summary>
    public static readonly EvidenceEvent[] Acceptances = [EvidenceEvent.RelayAcceptance, EvidenceEvent.ContentConsignment];

    /// <summary>Null when the evidence holds; else why not.</summary>
    /// <param name="about">The message it must name.</param>
    /// <param name="digest">The immutable digest that it must repeat; null when it speaks of another message's fate.</param>
    public Reason? Problem(SignedEvidence evidence, IReadOnlyCollection<EvidenceEvent> expected, Guid about, string? digest)
    {
        if (Read(evidence) is not { } stated)
            return Bad("không đọc được nội dung chứng cứ", "its content cannot be read");
        if (stated.Event != evidence.Event || !expected.Any(e => e.ToString() == stated.Event))
            return Bad($"sự kiện «{stated.Event}» không đúng chỗ", $"the event «{stated.Event}» is not one expected here");
        if (stated.EvidenceId != evidence.EvidenceId || stated.MessageId != about)
            return Bad("chứng cứ nói về thông điệp khác", "it speaks of another message");
        if (digest is not null && stated.MessageDigest != digest)
            return Bad("chứng cứ xác nhận nội dung khác với nội dung đã gửi", "it acknowledges other content than was sent");
        var verdict = EvidenceVerifier.Verify(evidence.Json, evidence.Signature, ground.Trust, ground.Now, paths);
        if (!verdict.Valid)
            return Bad(verdict.Text!.Vi, verdict.Text.En);
        // A person's certificate leads to the same anchors, and so does every other node's: only the organ that the evidence names may sign it.
        return verdict.Signer!.OrganId == stated.Organ && verdict.Signer.SubjectKind != SubjectKind.Person
            ? null
            : Bad($"người ký không phải là nút của {stated.Organ}", $"its signer is not a node of {stated.Organ}");
    }

    /// <summary>What a piece of evidence states; null when it is not evidence at all.</summary>
    public static StatedFacts? Read(SignedEvidence evidence)
    {
        try
        {
            using var json = JsonDocument.Parse(evidence.Json);
            var root = json.RootElement;
            return new StatedFacts(
                Text(root, "event") ?? "", Text(root, "evidenceId") ?? "",
                Guid.TryParse(Text(root, "messageId"), out var id) ? id : null,
                Text(root, "messageDigest"), Text(root, "issuer", "node") ?? "", Text(root, "issuer", "organ") ?? "",
                Text(root, "reason", "code") is { } code
                    ? new Reason(code, Text(root, "reason", "vi") ?? code, Text(root, "reason", "en") ?? code) : null)
            {
                Status = Text(root, "status"), RequestId = Text(root, "requestId"), PeerCertificate = Text(root, "peerCertificate"),
                DocumentId = Guid.TryParse(Text(root, "documentId"), out var document) ? document : null, Payloads = Digests(root),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string?>? Digests(JsonElement root) =>
        root.TryGetProperty("payloads", out var payloads) && payloads.ValueKind == JsonValueKind.Array
            ? [.. payloads.EnumerateArray().Select(payload => Text(payload, "sha256"))]
            : null;

    private static string? Text(JsonElement at, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }

    private static Reason Bad(string vi, string en) => new("EVIDENCE_INVALID", $"Chứng cứ không hợp lệ: {vi}.", $"The evidence is not valid: {en}.");
}

/// <summary>What a peer's evidence states, as far as we act on it.</summary>
internal sealed record StatedFacts(
    string Event, string EvidenceId, Guid? MessageId, string? MessageDigest, string Node, string Organ, Reason? Reason)
{
    public string? Status { get; init; }

    public string? RequestId { get; init; }

    public string? PeerCertificate { get; init; }

    public Guid? DocumentId { get; init; }

    /// <summary>SHA-256 of the files that it is about, in their order; null when it names none.</summary>
    public IReadOnlyList<string?>? Payloads { get; init; }
}
