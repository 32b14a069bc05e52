using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>
/// The document-management systems at both ends, outside all faults: they repeat every call with the same id until they know its outcome,
/// and write down what they know for certain.
/// </summary>
internal sealed class Systems(FaultyNetwork network, Ledger ledger, int seed)
{
    private const string Date = "2026-11-22";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, int> errors = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(SubmitHeader Header, string Pdf)> sent = [];
    private readonly ConcurrentQueue<FetchHeader> fetched = [];
    private int next;

    /// <summary>How often calls failed, by what the caller saw.</summary>
    public string Errors => string.Join(", ", errors.OrderByDescending(e => e.Value).Select(e => $"{e.Value} × {e.Key}"));

    public IReadOnlyCollection<FetchHeader> Fetched => fetched;

    /// <summary>Submits a document, waits until it is acknowledged, and so on, until told to stop; what was begun is finished.</summary>
    public async Task SendAsync(TimeSpan every, CancellationToken stop, CancellationToken ct)
    {
        using var line = new SystemLine(network.SystemOf(SampleNetwork.UnitOrgan), Failed);
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            var (header, pdf) = await NewDocumentAsync(Interlocked.Increment(ref next), ct);
            await SubmitAsync(line, header, pdf, ct);
            sent.Enqueue((header, pdf));
            if (every - TimeProvider.System.GetElapsedTime(began) is { Ticks: > 0 } rest) await Task.Delay(rest, ct);
        }
    }

    /// <summary>Fetches and confirms what arrives for an organ, until cancelled; now and then it forgets what it fetched, or confirms again.</summary>
    public async Task ReceiveAsync(string organ, CancellationToken ct)
    {
        using var line = new SystemLine(network.SystemOf(organ), Failed);
        var dice = new Random(seed);
        var token = "";
        while (true)
        {
            var list = await line.UntilAnsweredAsync(
                (node, limit) => node.Incoming.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true, PageSize = 20, PageToken = token }, cancellationToken: limit).ResponseAsync, ct);
            foreach (var document in list.Documents.Where(d => d.Acceptance is "Accepted" or "Held")) await TakeAsync(line, organ, document, dice, ct);
            token = list.NextPageToken;
            if (list.Documents.Count == 0) await Task.Delay(Glance, ct);
        }
    }

    /// <summary>Submissions once more, and confirmations, spread over the whole run: the ledger compares the answers.</summary>
    public async Task RepeatAsync(int atMost, CancellationToken ct)
    {
        using (var line = new SystemLine(network.SystemOf(SampleNetwork.UnitOrgan), Failed))
        {
            foreach (var (header, pdf) in Spread([.. sent], atMost)) await SubmitAsync(line, header, pdf, ct);
        }
        foreach (var byOrgan in Spread([.. fetched], atMost).GroupBy(f => f.Document.ToOrganId, StringComparer.Ordinal))
        {
            using var line = new SystemLine(network.SystemOf(byOrgan.Key), Failed);
            foreach (var header in byOrgan) await ConfirmAsync(line, byOrgan.Key, header, content: [], ct);
        }
    }

    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> all, int atMost)
    {
        var step = Math.Max(1, all.Count / atMost);
        for (var i = 0; i < all.Count; i += step) yield return all[i];
    }

    private async Task TakeAsync(SystemLine line, string organ, IncomingDocument document, Random dice, CancellationToken ct)
    {
        var (header, content) = await line.UntilAnsweredAsync((node, limit) => FetchAsync(node, document.IncomingId, limit), ct);
        ledger.Answered($"fetch of {document.IncomingId}", content);
        if (dice.Next(8) == 0) return; // this system died before it had it durably: it comes again under the same id
        fetched.Enqueue(header);
        for (var times = dice.Next(8) == 0 ? 2 : 1; times > 0; times--) await ConfirmAsync(line, organ, header, content, ct);
        if (dice.Next(4) > 0) return;
        var answer = new AnswerRequest { IncomingId = document.IncomingId, RequestId = $"03-{document.IncomingId}", Code = "03" };
        for (var times = dice.Next(8) == 0 ? 2 : 1; times > 0; times--)
        {
            var said = await line.UntilAnsweredAsync((node, limit) => node.Incoming.AnswerAsync(answer, cancellationToken: limit).ResponseAsync, ct);
            ledger.Answered(answer.RequestId, said.ToByteArray());
        }
    }

    private async Task ConfirmAsync(SystemLine line, string organ, FetchHeader header, byte[] content, CancellationToken ct)
    {
        var document = header.Document;
        var request = new ConfirmFetchRequest { IncomingId = document.IncomingId, Sha256 = document.Attachments[0].Sha256 };
        var said = await line.UntilAnsweredAsync((node, limit) => node.Incoming.ConfirmFetchAsync(request, cancellationToken: limit).ResponseAsync, ct);
        ledger.Confirmed(organ, document.IncomingId, document.EdxmlDocumentId, content, said.ToByteArray(), said.Handover.ToReceipt());
    }

    private async Task SubmitAsync(SystemLine line, SubmitHeader header, string pdf, CancellationToken ct)
    {
        var answer = await line.UntilAnsweredAsync((node, limit) => DocumentUpload.SendAsync(node, header.Clone(), [pdf], limit), ct);
        ledger.Acknowledged(header.RequestId, answer.ToByteArray());
    }

    internal static async Task<(FetchHeader Header, byte[] Content)> FetchAsync(NodeConnection node, string id, CancellationToken ct)
    {
        using var call = node.Incoming.Fetch(new FetchRequest { IncomingId = id }, cancellationToken: ct);
        FetchHeader? header = null;
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
        {
            if (part.PartCase == FetchResponse.PartOneofCase.Header)
                header = part.Header;
            else if (part.Chunk.Attachment == 0)
                content.Write(part.Chunk.Data.Span);
        }
        return header is not null && content.Length == header.Document.Attachments[0].Size
            ? (header, content.ToArray())
            : throw new IOException("The node stopped in the middle.");
    }

    /// <summary>No two documents have the same bytes: the person signs each one with its own reason.</summary>
    private async Task<(SubmitHeader Header, string Pdf)> NewDocumentAsync(int number, CancellationToken ct)
    {
        var header = new SubmitHeader
        {
            RequestId = $"fault-{number:0000}",
            Document = new DocumentHeader
            {
                Number = $"{number}", Notation = "CQM1-VP", Place = "Hà Nội", PromulgationDate = Date, TypeName = "Công văn", SignerPosition = "Chánh Văn phòng",
                Subject = $"Văn bản số {number} của một đợt gửi có sự cố", SignerName = "Người Ký Mẫu", PageCount = 1,
            },
        };
        string[] recipients = number % 3 == 0 ? [SampleNetwork.GovernmentOrgan, SampleNetwork.MinistryOrgan] : [SampleNetwork.GovernmentOrgan];
        header.Recipients.AddRange(recipients.Select(organ => new Party { OrganId = organ }));
        var pdf = Path.Combine(network.Folder, $"{header.RequestId}.pdf");
        var blank = pdf + ".blank";
        SamplePdfs.Write("cong-van", blank);
        using (var key = Pkcs12Key.Load(network.Keys.KeyFile(DemoDrafts.Person), network.Keys.Password))
            await new PdfSigner(TimeProvider.System).SignAsync(blank, pdf, key, new SignatureRequest { Role = SignatureRole.Invisible, Reason = header.RequestId }, ct);
        File.Delete(blank);
        var edxml = $"{SampleNetwork.UnitOrgan},{Date.Replace('-', '/')},{number}/CQM1-VP";
        ledger.Sending(Sent.Of(header.RequestId, edxml, await File.ReadAllBytesAsync(pdf, ct), recipients));
        return (header, pdf);
    }

    private void Failed(string what) => errors.AddOrUpdate(what, 1, (_, n) => n + 1);
}
