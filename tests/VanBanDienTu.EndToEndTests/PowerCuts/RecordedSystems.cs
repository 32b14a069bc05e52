using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>The document-management systems at all ends of a recorded run. They repeat every call with the same id until it is answered.</summary>
internal sealed class RecordedSystems(ThreeNodes nodes, Timeline timeline)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, NodeConnection> systems = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Organs { get; } =
        [SampleNetwork.UnitOrgan, SampleNetwork.MinistryOrgan, SampleNetwork.GovernmentOrgan];

    /// <summary>The incoming id of a document with an attachment that the government's system confirmed; null = nothing yet.</summary>
    public string? Confirmed { get; private set; }

    /// <summary>Submits a document, and waits for its signed outcome.</summary>
    /// <param name="files">The signed PDF first.</param>
    public async Task SendAsync(string from, int number, IReadOnlyList<string> files, IReadOnlyList<string> to, CancellationToken ct)
    {
        var header = Header($"cut-{from}-{number:0000}", number, to);
        var pdf = await File.ReadAllBytesAsync(files[0], ct);
        var edxml = $"{from},2026/11/22,{number}/{header.Document.Notation}";
        var attached = files.Skip(1).Select(f => (Name: Path.GetFileName(f), Sha256: SHA256.HashData(File.ReadAllBytes(f)))).ToList();
        timeline.Note(known =>
        {
            known.Ledger.Sending(Sent.Of(header.RequestId, edxml, pdf, to));
            foreach (var (name, sha256) in attached) known.Answered(Content(edxml, name), sha256);
        });
        SubmitResponse? answer = null;
        await timeline.CallAsync(
            async (known, again) => known.Ledger.Acknowledged(header.RequestId, (await SubmitAsync(again)).ToByteArray()),
            async () =>
            {
                answer = await SubmitAsync(ct);
                var bytes = answer.ToByteArray();
                return known => known.Ledger.Acknowledged(header.RequestId, bytes);
            });
        await HoldOutcomeAsync(from, answer!.DocumentId, ct);

        Task<SubmitResponse> SubmitAsync(CancellationToken stop) => UntilAnsweredAsync(() => DocumentUpload.SendAsync(SystemOf(from), header.Clone(), files, stop), stop);
    }

    /// <summary>Fetches, confirms and answers what arrives for an organ, until told to stop.</summary>
    public async Task ReceiveAsync(string organ, CancellationToken stop, CancellationToken ct)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await ReceiveOnceAsync(organ, ct) == 0) await Task.Delay(Pause, ct);
        }
    }

    /// <summary>What waits for an organ now; how many there were.</summary>
    /// <param name="into">Instead of the timeline: after a cut.</param>
    public async Task<int> ReceiveOnceAsync(string organ, CancellationToken ct, Knowledge? into = null)
    {
        var list = await UntilAnsweredAsync(
            () => SystemOf(organ).Incoming.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true, PageSize = 500 }, cancellationToken: ct).ResponseAsync, ct);
        foreach (var document in list.Documents)
        {
            if (into is not null)
                (await ConfirmedAsync(organ, document.IncomingId, ct))(into);
            else
            {
                await timeline.CallAsync(
                    async (known, again) => (await ConfirmedAsync(organ, document.IncomingId, again))(known),
                    () => ConfirmedAsync(organ, document.IncomingId, ct));
                await timeline.CallAsync(
                    async (known, again) => (await AnsweredAsync(organ, document.IncomingId, again))(known),
                    () => AnsweredAsync(organ, document.IncomingId, ct));
            }
        }
        return list.Documents.Count;
    }

    /// <summary>Fetches every byte, compares it with what was sent, and confirms.</summary>
    private async Task<Action<Knowledge>> ConfirmedAsync(string organ, string incomingId, CancellationToken ct)
    {
        var (document, first, digests) = await UntilAnsweredAsync(() => FetchAsync(SystemOf(organ), incomingId, ct), ct);
        var answer = await UntilAnsweredAsync(
            () => SystemOf(organ).Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = incomingId, Sha256 = digests[0] }, cancellationToken: ct).ResponseAsync, ct);
        var bytes = answer.ToByteArray();
        var proof = ReceiptOf(answer.Handover);
        if (organ == SampleNetwork.GovernmentOrgan && digests.Count > 1) Confirmed = incomingId;
        return known =>
        {
            known.Ledger.Confirmed(organ, incomingId, document.EdxmlDocumentId, first, bytes, proof);
            for (var i = 1; i < digests.Count; i++)
                known.Answered(Content(document.EdxmlDocumentId, document.Attachments[i].Name), Convert.FromHexString(digests[i]));
        };
    }

    private static string Content(string edxml, string name) => $"the content of {name} of {edxml}";

    private async Task<Action<Knowledge>> AnsweredAsync(string organ, string incomingId, CancellationToken ct)
    {
        var request = new AnswerRequest { IncomingId = incomingId, RequestId = $"03-{incomingId}", Code = "03", Staff = "Người Nhận Mẫu" };
        var answer = (await UntilAnsweredAsync(() => SystemOf(organ).Incoming.AnswerAsync(request, cancellationToken: ct).ResponseAsync, ct)).ToByteArray();
        return known => known.Answered($"answer {request.RequestId}", answer);
    }

    private async Task HoldOutcomeAsync(string organ, string documentId, CancellationToken ct)
    {
        while (true)
        {
            var document = await UntilAnsweredAsync(
                () => SystemOf(organ).Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId }, cancellationToken: ct).ResponseAsync, ct);
            Assert.NotEqual("Refused", document.State);
            if (document.Outcome is { } outcome)
            {
                timeline.Hold(ReceiptOf(outcome));
                return;
            }
            await Task.Delay(Pause, ct);
        }
    }

    private NodeConnection SystemOf(string organ) => systems.GetOrAdd(organ, nodes.SystemOf);

    private static Receipt ReceiptOf(Evidence evidence) => new(evidence.EvidenceId, evidence.Event, evidence.Issuer, evidence.Json.Memory, evidence.Signature.Memory);

    private static async Task<(IncomingDocument Document, byte[] First, List<string> Digests)> FetchAsync(NodeConnection system, string incomingId, CancellationToken ct)
    {
        using var call = system.Incoming.Fetch(new FetchRequest { IncomingId = incomingId }, cancellationToken: ct);
        IncomingDocument? document = null;
        var parts = new Dictionary<int, MemoryStream>();
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
        {
            if (part.PartCase == FetchResponse.PartOneofCase.Header)
                document = part.Header.Document;
            else if (parts.TryGetValue(part.Chunk.Attachment, out var stream) || parts.TryAdd(part.Chunk.Attachment, stream = new MemoryStream()))
                stream.Write(part.Chunk.Data.Span);
        }
        var files = document!.Attachments.Select((_, i) => parts.TryGetValue(i, out var stream) ? stream.ToArray() : []).ToList(); // nothing came of an empty one
        return (document, files[0], [.. files.Select(f => Convert.ToHexStringLower(SHA256.HashData(f)))]);
    }

    /// <summary>As a system does: the same call again while the node is down for a moment.</summary>
    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled && !ct.IsCancellationRequested)
            {
                await Task.Delay(Pause, ct); // the node is down for a moment
            }
            catch (RpcException e) when (RpcFailure.ReasonOf(e) == "OFFSET_UNKNOWN")
            {
                // What was kept of the upload was torn, which only reading it shows: the call asks again where to go on.
            }
        }
    }

    public static SubmitHeader Header(string request, int number, IReadOnlyList<string> to)
    {
        var header = new SubmitHeader
        {
            RequestId = request,
            Document = new DocumentHeader
            {
                Number = $"{number}", Notation = "CQM-VP", Place = "Hà Nội", PromulgationDate = "2026-11-22", TypeName = "Công văn",
                Subject = $"Văn bản số {number} của một đợt gửi có mất điện", SignerPosition = "Chánh Văn phòng", SignerName = "Người Ký Mẫu", PageCount = 1,
            },
        };
        header.Recipients.AddRange(to.Select(organ => new Party { OrganId = organ }));
        return header;
    }
}
