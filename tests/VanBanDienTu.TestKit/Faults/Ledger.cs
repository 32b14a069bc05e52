using System.Security.Cryptography;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>A document that a sending system tried to submit.</summary>
/// <param name="EdxmlDocumentId">"organ,yyyy/MM/dd,number/notation": known to the sender before any node answers.</param>
/// <param name="Size">Bytes of the document as it was handed in; the organisation's signature is appended to them.</param>
/// <param name="Sha256">Of those bytes.</param>
public sealed record Sent(string RequestId, string EdxmlDocumentId, long Size, string Sha256, IReadOnlyList<string> Recipients)
{
    public static Sent Of(string requestId, string edxmlDocumentId, ReadOnlySpan<byte> content, params IReadOnlyList<string> recipients) =>
        new(requestId, edxmlDocumentId, content.Length, Ledger.Digest(content), recipients);
}

/// <summary>A confirmed fetch, as the receiving system saw it.</summary>
/// <param name="AsSent">The bytes begin with what the sender handed in under this edXML DocumentId.</param>
public sealed record HandedOver(string Organ, string MessageId, string EdxmlDocumentId, bool AsSent, Receipt Proof);

/// <summary>What the systems outside the nodes know for certain: what they sent, what was acknowledged, what they fetched and confirmed. No fault touches it.</summary>
public sealed class Ledger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Sent> sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> byDocument = new(StringComparer.Ordinal);
    private readonly HashSet<string> acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organ, string MessageId), HandedOver> handed = [];
    private readonly Dictionary<string, string> answers = new(StringComparer.Ordinal);
    private readonly List<string> contradictions = [];

    /// <summary>Before the first attempt: from now on the document may arrive, acknowledged or not.</summary>
    public void Sending(Sent document)
    {
        lock (gate)
        {
            sent.Add(document.RequestId, document);
            byDocument.Add(document.EdxmlDocumentId, document.RequestId);
        }
    }

    /// <param name="answer">The whole answer; every repetition must be answered with the same bytes.</param>
    public void Acknowledged(string requestId, ReadOnlySpan<byte> answer)
    {
        Answered($"request {requestId}", answer);
        lock (gate) acknowledged.Add(requestId);
    }

    /// <summary>Keeps the first answer to a call and compares every later one.</summary>
    /// <param name="call">Names the call; repetitions under the same id have the same name.</param>
    /// <param name="answer">What must be the same bytes each time.</param>
    public void Answered(string call, ReadOnlySpan<byte> answer)
    {
        var digest = Digest(answer);
        lock (gate)
        {
            if (!answers.TryAdd(call, digest) && answers[call] != digest)
                contradictions.Add($"{call} was answered with other bytes than before");
        }
    }

    /// <param name="content">The first attachment as it was fetched.</param>
    /// <param name="answer">The whole answer to the confirmation; every repetition must be answered with the same bytes.</param>
    public void Confirmed(string organ, string messageId, string edxmlDocumentId, ReadOnlySpan<byte> content, ReadOnlySpan<byte> answer, Receipt proof)
    {
        Answered($"confirmation of {messageId} by {organ}", answer);
        lock (gate)
        {
            var asSent = byDocument.TryGetValue(edxmlDocumentId, out var request) && sent[request] is var document
                && content.Length >= document.Size && Digest(content[..(int)document.Size]) == document.Sha256;
            handed.TryAdd((organ, messageId), new HandedOver(organ, messageId, edxmlDocumentId, asSent, proof));
        }
    }

    public LedgerPage Page()
    {
        lock (gate)
        {
            return new LedgerPage(
                [.. sent.Values], acknowledged.ToHashSet(StringComparer.Ordinal), [.. handed.Values], [.. contradictions]);
        }
    }

    internal static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>What a <see cref="Ledger"/> held at one instant.</summary>
public sealed record LedgerPage(
    IReadOnlyList<Sent> Sent, IReadOnlySet<string> Acknowledged, IReadOnlyList<HandedOver> HandedOver, IReadOnlyList<string> Contradictions)
{
    public static LedgerPage Empty { get; } = new([], new HashSet<string>(StringComparer.Ordinal), [], []);
}
