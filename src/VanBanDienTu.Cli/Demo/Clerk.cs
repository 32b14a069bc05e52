using System.Security.Cryptography;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Demo;

/// <summary>A document that a recipient fetched.</summary>
internal sealed record Fetched(string Organ, FetchHeader Header, IReadOnlyList<string> Files);

/// <summary>
/// A recipient (văn thư nơi nhận): fetches what was accepted and confirms it (01), answers 03 and 06, refuses by hand what its node
/// holds for a person (02 with the reason), agrees to recalls (15).
/// </summary>
internal sealed class Clerk(string organ, NodeConnection node, string inbox, Timeline timeline)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);
    private readonly HashSet<string> done = new(StringComparer.Ordinal);

    public string Organ => organ;

    public List<Fetched> Fetched { get; } = [];

    /// <summary>What the clerk saw of each document that was not accepted at once, newest view; by incoming id.</summary>
    public Dictionary<string, IncomingDocument> NotAccepted { get; } = new(StringComparer.Ordinal);

    /// <summary>Works through what arrives, until cancelled.</summary>
    public async Task WorkAsync(CancellationToken ct)
    {
        while (true)
        {
            foreach (var document in await ListAsync(ct)) await ActAsync(document, ct);
            await Task.Delay(Glance, ct);
        }
    }

    /// <summary>All that ever arrived, confirmed or not.</summary>
    public async Task<IReadOnlyList<IncomingDocument>> ListAsync(CancellationToken ct) =>
        (await node.Incoming.ListAsync(new ListIncomingRequest { PageSize = 500 }, cancellationToken: ct)).Documents;

    /// <summary>The files as they arrived, without confirming.</summary>
    public Task<DocumentDownload> LookAsync(IncomingDocument document, CancellationToken ct) =>
        DocumentDownload.FetchAsync(node, document.IncomingId, FolderOf(document), ct);

    private async Task ActAsync(IncomingDocument document, CancellationToken ct)
    {
        var code = Answers.Code(document.Document);
        if (document.Acceptance != "Accepted" && document.Acceptance != "Verifying") NotAccepted[document.IncomingId] = document;
        switch (document)
        {
            case { Acceptance: "Accepted" } when Once(document, "fetch"):
                await TakeAsync(document, code, ct);
                break;
            case { Acceptance: "Refused" } when !done.Contains($"held {document.IncomingId}") && Once(document, "refused"):
                timeline.Line(organ, code, $"nút tự trả lời 02: {document.AcceptanceReason?.Vi}");
                break;
            case { Acceptance: "Held" } when Once(document, "held"):
                timeline.Line(organ, code, $"chờ người quyết định: {document.AcceptanceReason?.Vi}");
                await AnswerAsync(document, "02", "Chứng thư của người ký đã bị thu hồi; đề nghị ký lại bằng chứng thư còn hiệu lực", ct);
                break;
        }
        if (document.Request == "recall:open" && Once(document, "recall"))
        {
            timeline.Line(organ, code, $"nơi gửi đề nghị lấy lại: {document.RequestReason}");
            await AnswerAsync(document, "15", "", ct);
        }
    }

    private async Task TakeAsync(IncomingDocument document, string code, CancellationToken ct)
    {
        var got = await DocumentDownload.FetchAsync(node, document.IncomingId, FolderOf(document), ct);
        timeline.Line(organ, code, $"lấy về; chữ ký: {string.Join(", ", document.Verdicts.Select(v => v.Verdict))}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(got.Files[0], ct)));
        await node.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = document.IncomingId, Sha256 = digest }, cancellationToken: ct);
        timeline.Line(organ, code, "xác nhận đã lấy: trả lời 01 đã đến");
        Fetched.Add(new Fetched(organ, got.Header, got.Files));
        await AnswerAsync(document, "03", "", ct);
        await AnswerAsync(document, "06", "", ct);
    }

    private async Task AnswerAsync(IncomingDocument document, string status, string why, CancellationToken ct)
    {
        var request = new AnswerRequest
        {
            IncomingId = document.IncomingId, RequestId = $"{document.IncomingId}-{status}", Code = status, Description = why, Staff = "Văn thư mẫu",
        };
        await node.Incoming.AnswerAsync(request, cancellationToken: ct);
        timeline.Line(organ, Answers.Code(document.Document), $"trả lời {status} {StateWords.Status(status)}{(why.Length > 0 ? $": {why}" : "")}");
    }

    private bool Once(IncomingDocument document, string act) => done.Add($"{act} {document.IncomingId}");

    private string FolderOf(IncomingDocument document) =>
        Path.Combine(inbox, organ, string.Concat(Answers.Code(document.Document).Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '-')));
}
