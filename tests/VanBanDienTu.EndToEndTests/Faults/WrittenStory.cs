using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>Logs of a sender and a recipient, and the ledger of their systems, written by hand with real signatures.</summary>
internal sealed class WrittenStory
{
    private static readonly TrustSnapshot Trust = TrustSnapshot.Of([Certificate.Parse(TestKeys.Root.RawData)], allowSample: false);
    private readonly EvidenceSigner signer = new(TestKeys.P256);
    private readonly List<string> messages = [];

    public Ledger Ledger { get; } = new();

    public List<EvidenceRow> Rows { get; } = [];

    public List<Receipt> Handovers { get; } = [];

    public Checker Checker { get; private set; } = new(Trust);

    /// <summary>Documents that were acknowledged, handed over and proven, but for the one that was lost.</summary>
    public void Write(int documents, int lost = -1, byte[]? content = null)
    {
        for (var i = 0; i < documents; i++)
        {
            Ledger.Sending(Sent.Of($"request-{i}", Edxml(i), Content(i), "G22"));
            Ledger.Acknowledged($"request-{i}", Encoding.UTF8.GetBytes($"answer {i}"));
            messages.Add(Guid.NewGuid().ToString());
            Row("sender", "SubmissionAcceptance", i);
            if (i == lost) continue;
            Row("recipient", "ContentConsignment", i);
            HandOver(i, messages[i], content: content);
        }
    }

    public void HandOver(int document, string message, string? edxml = null, byte[]? content = null)
    {
        var proof = Row("recipient", "ContentHandover", document, message);
        Handovers.Add(proof);
        Row("sender", proof, own: false);
        Ledger.Confirmed("G22", message, edxml ?? Edxml(document), content ?? [.. Content(document), 1, 2, 3], "confirmed"u8, proof);
    }

    /// <summary>The recipient's node gave up, and the sender holds its word.</summary>
    public void Failure(int document) => Row("sender", Row("recipient", "RelayFailure", document), own: false);

    public Receipt Row(string node, string what, int document, string? message = null)
    {
        var id = Guid.NewGuid().ToString();
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            @event = what,
            evidenceId = id,
            issuer = new { node, organ = node == "sender" ? "G99.63" : "G22" },
            parties = new { from = new { organ = "G99.63" }, to = new[] { new { organ = "G22" } } },
            requestId = node == "sender" ? $"request-{document}" : null,
            edxmlDocumentId = Edxml(document),
            messageId = message ?? messages[document],
        });
        var receipt = new Receipt(id, what, node, json, signer.Sign(json));
        Row(node, receipt, own: true);
        return receipt;
    }

    public IReadOnlyList<string> Findings(bool quiet = true)
    {
        Checker = new Checker(Trust);
        Checker.Begin(Ledger.Page());
        foreach (var database in (string[])["sender", "recipient"]) Checker.Read(database, Rows.Where(r => r.Database == database));
        Checker.Begin(Ledger.Page());
        foreach (var database in (string[])["sender", "recipient"]) Checker.Read(database, []);
        return Checker.Findings(quiet);
    }

    private void Row(string database, Receipt receipt, bool own)
    {
        var last = Rows.LastOrDefault(r => r.Database == database);
        var text = (last?.Hash ?? new string('0', 64)) + Hex(receipt.Json) + Hex(receipt.Signature);
        Rows.Add(new EvidenceRow(database, database, (last?.Sequence ?? 0) + 1, Hex(Encoding.ASCII.GetBytes(text)), own, receipt));
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));

    private static string Edxml(int document) => $"G99.63,2026/11/22,{document + 1}/CQM1-VP";

    private static byte[] Content(int document) => Encoding.UTF8.GetBytes($"%PDF-1.7 document {document}");
}
