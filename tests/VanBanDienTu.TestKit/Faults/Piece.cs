using System.Text.Json;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>What the checker remembers of one piece of evidence: its facts and where it was seen, not its bytes.</summary>
internal sealed class Piece
{
    public required string Id { get; init; }

    public required string Event { get; init; }

    /// <summary>The node that signed it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The organ that runs that node.</summary>
    public required string Organ { get; init; }

    public required string Digest { get; init; }

    /// <summary>The checker's round in which it was seen first.</summary>
    public required int Round { get; init; }

    public string? MessageId { get; init; }

    public string? DocumentId { get; init; }

    public string? RequestId { get; init; }

    public string? EdxmlDocumentId { get; init; }

    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Of a refusal or a failure.</summary>
    public string? Reason { get; init; }

    public HashSet<string> Databases { get; } = new(StringComparer.Ordinal);

    public bool KeptByIssuer { get; set; }

    public static Piece Parse(Receipt receipt, string digest, int round)
    {
        using var document = JsonDocument.Parse(receipt.Json);
        var json = document.RootElement;
        var issuer = json.GetProperty("issuer");
        return new Piece
        {
            Id = receipt.Id,
            Event = Text(json, "event") ?? "",
            Issuer = Text(issuer, "node") ?? "",
            Organ = Text(issuer, "organ") ?? "",
            Digest = digest,
            Round = round,
            MessageId = Text(json, "messageId"),
            DocumentId = Text(json, "documentId"),
            RequestId = Text(json, "requestId"),
            EdxmlDocumentId = Text(json, "edxmlDocumentId"),
            To = json.TryGetProperty("parties", out var parties) ? [.. parties.GetProperty("to").EnumerateArray().Select(p => Text(p, "organ") ?? "")] : [],
            Reason = json.TryGetProperty("reason", out var reason) ? $"{Text(reason, "code")}: {Text(reason, "en")}" : null,
        };
    }

    public override string ToString() => $"{Event} {Id} of {Issuer} for {MessageId ?? DocumentId ?? RequestId}{(Reason is null ? "" : $" ({Reason})")}";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
