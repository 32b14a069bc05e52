using System.Text.Json;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;
using FileVerdict = VanBanDienTu.Signing.FileVerdict;

namespace VanBanDienTu.Cli.Demo;

/// <summary>Looks at what the story left and says which claims hold.</summary>
internal sealed class DemoChecks(DemoFolder folder, DemoClaims claims)
{
    /// <summary>Both recipients of a good document answered 01, 03 and 06.</summary>
    public void Answered(OutgoingDocument document)
    {
        foreach (var delivery in document.Deliveries)
        {
            var codes = delivery.History.Select(h => h.Code).ToHashSet(StringComparer.Ordinal);
            claims.Add(
                $"{Client.Answers.Code(document.Document)} → {delivery.Recipient.OrganId}: 01, 03, 06 đã về nơi gửi / came back",
                codes.IsSupersetOf(["01", "03", "06"]) && delivery.State is "Finished" or "Recalled");
        }
    }

    public void Refused(OutgoingDocument document, string what)
    {
        var delivery = document.Deliveries.Single();
        claims.Add(
            $"{Client.Answers.Code(document.Document)} ({what}): {delivery.Recipient.OrganId} trả lời 02 kèm lý do / refused with 02 and the reason",
            delivery.State == "Rejected" && delivery.History.Any(h => h.Code == "02" && h.Description.Length > 0));
    }

    public void Recalled(OutgoingDocument document) => claims.Add(
        $"{Client.Answers.Code(document.Document)}: lấy lại được đồng ý (15) / recall agreed",
        document.Deliveries.All(d => d.State == "Recalled" && d.Request == "recall:agreed"));

    /// <summary>Nothing arrived twice, nothing was handed over twice.</summary>
    public void OnceOnly(string organ, IReadOnlyList<IncomingDocument> arrived, IReadOnlyList<Fetched> fetched, IReadOnlyList<string> expected)
    {
        claims.Add(
            $"{organ}: mỗi văn bản đến đúng một lần ({arrived.Count}) / each document arrived exactly once",
            arrived.Select(a => Client.Answers.Code(a.Document)).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal));
        claims.Add(
            $"{organ}: mỗi văn bản được giao đúng một lần ({fetched.Count}) / each accepted one was handed over exactly once",
            fetched.Select(f => f.Header.Document.IncomingId).Distinct(StringComparer.Ordinal).Count() == fetched.Count
            && fetched.Count == arrived.Count(a => a.Confirmed));
    }

    /// <summary>Every fetched file has both signatures and passes.</summary>
    public void Signed(FileVerdict file) => claims.Add(
        $"{file.File}: chữ ký cá nhân và cơ quan đều hợp lệ / both signatures TOTAL-PASSED",
        file.Verdict == FileOutcome.TotalPassed && file.Signatures.Count == 2
        && file.Signatures[^1].Coverage == Coverage.WholeFile && file.Signatures.All(s => s.LaterChanges != LaterChange.Suspicious));

    /// <summary>A handover is proven once for each document that was fetched, and every receipt verifies; a changed one does not.</summary>
    public void Receipts(TrustSnapshot trust, DateTimeOffset at, int handovers)
    {
        var files = Directory.EnumerateFiles(folder.Receipts, "*.json").Order(StringComparer.Ordinal).ToList();
        var good = files.Count(f => Verifies(File.ReadAllBytes(f), f, trust, at));
        claims.Add($"biên nhận đã ký kiểm tra được / signed receipts that verify: {good} / {files.Count}", good == files.Count && good > 0);
        var changed = File.ReadAllBytes(files[0]);
        changed[changed.Length / 2] ^= 1;
        claims.Add("sửa một byte của biên nhận thì bị phát hiện / one changed byte of a receipt is noticed", !Verifies(changed, files[0], trust, at));
        claims.Add(
            $"chứng cứ giao văn bản (ContentHandover) đúng một cho mỗi lần giao / one handover proof each: {handovers}",
            files.Select(HandoverOf).OfType<string>().ToList() is var proofs && proofs.Count == handovers && proofs.Distinct(StringComparer.Ordinal).Count() == handovers);
    }

    private static bool Verifies(byte[] json, string file, TrustSnapshot trust, DateTimeOffset at) =>
        EvidenceVerifier.Verify(json, File.ReadAllBytes(file + ".p7s"), trust, at).Valid;

    /// <summary>The message that a ContentHandover of the recipient's own node is about; null for other evidence.</summary>
    private static string? HandoverOf(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = json.RootElement;
        var node = root.GetProperty("issuer").GetProperty("node").GetString();
        return root.GetProperty("event").GetString() == "ContentHandover" && Path.GetFileName(file).StartsWith(node + "-", StringComparison.Ordinal)
            ? root.GetProperty("messageId").GetString()
            : null;
    }
}
