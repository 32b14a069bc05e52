using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Nodes;

namespace VanBanDienTu.EndToEndTests.Kill;

/// <summary>A handover as the receiving system saw it.</summary>
internal sealed record HandedOver(string IncomingId, string EdxmlDocumentId, string Organ, string Sha256);

/// <summary>The document-management systems at both ends: they repeat every call with the same id until they know its outcome.</summary>
internal sealed class UnderFire(ThreeNodes nodes, int documents)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Recipients = [SampleNetwork.MinistryOrgan, SampleNetwork.GovernmentOrgan];

    /// <summary>Document ids by request id: what the unit's node acknowledged.</summary>
    public ConcurrentDictionary<string, SubmitResponse> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>Confirmed handovers, in the order of their confirmation.</summary>
    public ConcurrentQueue<HandedOver> Handovers { get; } = new();

    public int CallsRepeated => Volatile.Read(ref repeated);

    private int repeated;

    public Task SendAllAsync(string pdf, Func<int> maySend, CancellationToken ct)
    {
        var unit = nodes.SystemOf(SampleNetwork.UnitOrgan);
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < documents;)
            {
                while (i >= maySend()) await Task.Delay(Pause, ct);
                var header = Header(i);
                Acknowledged[header.RequestId] = await UntilAnsweredAsync(() => DocumentUpload.SendAsync(unit, header, [pdf], ct), ct);
            }
        }));
    }

    /// <summary>Fetches and confirms all that arrives for an organ, until every document came.</summary>
    public async Task ReceiveAsync(string organ, CancellationToken ct)
    {
        var system = nodes.SystemOf(organ);
        var mine = new HashSet<string>(StringComparer.Ordinal);
        while (mine.Count < documents)
        {
            var list = await UntilAnsweredAsync(
                () => system.Incoming.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true, PageSize = 100 }, cancellationToken: ct).ResponseAsync, ct);
            foreach (var document in list.Documents)
            {
                var sha256 = await UntilAnsweredAsync(() => FetchAsync(system, document.IncomingId, ct), ct);
                await UntilAnsweredAsync(
                    () => system.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = document.IncomingId, Sha256 = sha256 }, cancellationToken: ct).ResponseAsync, ct);
                if (mine.Add(document.IncomingId)) Handovers.Enqueue(new HandedOver(document.IncomingId, document.EdxmlDocumentId, organ, sha256));
            }
            if (list.Documents.Count == 0) await Task.Delay(Pause, ct);
        }
    }

    private static async Task<string> FetchAsync(NodeConnection system, string incomingId, CancellationToken ct)
    {
        using var call = system.Incoming.Fetch(new FetchRequest { IncomingId = incomingId }, cancellationToken: ct);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
            if (part.PartCase == FetchResponse.PartOneofCase.Chunk) digest.AppendData(part.Chunk.Data.Span);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>A killed node answers nothing, or half; every other error is a failure of the test.</summary>
    private async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled && !ct.IsCancellationRequested)
            {
                Interlocked.Increment(ref repeated);
                await Task.Delay(Pause, ct);
            }
        }
    }

    private static SubmitHeader Header(int index)
    {
        var header = new SubmitHeader
        {
            RequestId = $"kill-{index:0000}",
            Document = new DocumentHeader
            {
                Number = $"{index + 1}", Notation = "CQM1-VP", Place = "Hà Nội", PromulgationDate = "2026-11-22", TypeName = "Công văn",
                Subject = $"Văn bản số {index + 1} của một đợt gửi có sự cố", SignerPosition = "Chánh Văn phòng", SignerName = "Người Ký Mẫu", PageCount = 1,
            },
        };
        header.Recipients.AddRange(Recipients.Select(organ => new Party { OrganId = organ }));
        return header;
    }
}
