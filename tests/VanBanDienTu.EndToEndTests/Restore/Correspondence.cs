using System.Collections.Concurrent;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Faults;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Restore;

/// <summary>Two document-management systems that write to each other, one at the unit and one at the province, and remember what they were told.</summary>
internal sealed class Correspondence
{
    public const string Reconciling = "RECONCILING";

    private static readonly string[] Organs = [SampleNetwork.UnitOrgan, SampleNetwork.ProvinceOrgan];
    private readonly ThreeNodes nodes;
    private readonly Dictionary<string, NodeConnection> systems;
    private readonly ConcurrentQueue<Letter> sent = [];
    private readonly ConcurrentDictionary<string, FetchHeader> taken = new(StringComparer.Ordinal); // by edXML DocumentId
    private readonly string pdf;
    private readonly string[] annexes; // of the first letter and of large ones: too large for a row, and too large for a segment
    private readonly ConcurrentDictionary<string, bool> large = new(StringComparer.Ordinal); // by number

    public Correspondence(ThreeNodes nodes)
    {
        this.nodes = nodes;
        systems = Organs.ToDictionary(o => o, nodes.SystemOf, StringComparer.Ordinal);
        pdf = Path.Combine(nodes.Folder, "phieu-gui.pdf");
        SamplePdfs.Write("cong-van", pdf);
        annexes = [Path.Combine(nodes.Folder, "phu-luc-1.bin"), Path.Combine(nodes.Folder, "phu-luc-2.bin")];
        LargeFiles.Write(annexes[0], 100_000);
        LargeFiles.Write(annexes[1], 2_000_000);
    }

    public IReadOnlyCollection<Letter> Sent => sent;

    /// <summary>What was fetched of a letter.</summary>
    public FetchHeader TakenOf(Letter letter) => taken[letter.Edxml];

    /// <summary>From now on an organ's system calls this gateway.</summary>
    public void Through(string organ, SampleNode gateway) => systems[organ] = nodes.Connect(nodes.Network.SystemOf(organ) with { Node = gateway.Address });

    /// <summary>Submits; it is acknowledged when this returns.</summary>
    public async Task<Letter> SendAsync(string from, CancellationToken ct, bool withAnnexes = false)
    {
        var number = $"{sent.Count + 1}";
        large[number] = withAnnexes || sent.IsEmpty;
        var header = new SubmitHeader
        {
            RequestId = $"letter-{from}-{number}",
            Document = new DocumentHeader
            {
                Number = number, Notation = "PG-CQM1", Place = "Hà Nội", PromulgationDate = "2026-11-22", TypeName = "Phiếu gửi", SignerPosition = "Chánh Văn phòng",
                Subject = $"Phiếu gửi số {number}", SignerName = "Người Ký Mẫu", PageCount = 1,
            },
        };
        header.Recipients.Add(new Party { OrganId = from == SampleNetwork.UnitOrgan ? SampleNetwork.ProvinceOrgan : SampleNetwork.UnitOrgan });
        while (true)
        {
            try
            {
                var answer = await DocumentUpload.SendAsync(systems[from], header.Clone(), FilesOf(header), ct);
                var letter = new Letter(from, header.Recipients[0].OrganId, header, answer.EdxmlDocumentId);
                sent.Enqueue(letter);
                return letter;
            }
            catch (RpcException later) when (RpcFailure.ReasonOf(later) == Reconciling)
            {
                await Task.Delay(250, ct); // the other gateway did the asking: this one hears of it a moment later
            }
        }
    }

    /// <summary>The same submission once more, until the node has done its asking; it must be answered as the first time.</summary>
    public async Task RepeatedAsync(Letter letter, CancellationToken ct)
    {
        string? refusal;
        while ((refusal = await RepeatAsync(letter, ct)) == Reconciling)
            await Task.Delay(250, ct);
        Assert.Null(refusal);
    }

    /// <summary>The same submission once more: the reason of the refusal, or null.</summary>
    public async Task<string?> RepeatAsync(Letter letter, CancellationToken ct)
    {
        try
        {
            var answer = await DocumentUpload.SendAsync(systems[letter.From], letter.Header.Clone(), FilesOf(letter.Header), ct);
            Assert.Equal(letter.Edxml, answer.EdxmlDocumentId);
            return null;
        }
        catch (RpcException refused)
        {
            return RpcFailure.ReasonOf(refused) ?? refused.Status.ToString();
        }
    }

    /// <summary>Fetches, confirms and answers 03 whatever arrives, until every letter was handed over and its sender knows of 03.</summary>
    /// <param name="but">Letters that their sender does not know any more.</param>
    public async Task SettleAsync(CancellationToken ct, params Letter[] but)
    {
        while (true)
        {
            foreach (var organ in Organs)
                await TakeAsync(organ, ct);
            var open = 0;
            foreach (var organ in Organs)
            {
                var mine = sent.Except(but).Where(l => l.From == organ).Select(l => l.Edxml).ToHashSet(StringComparer.Ordinal);
                if (mine.Count == 0)
                    continue;
                var list = await systems[organ].Outgoing.ListAsync(new ListOutgoingRequest { PageSize = 500 }, cancellationToken: ct);
                open += mine.Count - list.Documents.Count(d => mine.Contains(d.EdxmlDocumentId) && d.Deliveries.Count == 1 && d.Deliveries[0].State == "Accepted");
            }

            if (open == 0)
                return;
            await Task.Delay(250, ct);
        }
    }

    /// <summary>By edXML DocumentId, every copy that lies at its recipient.</summary>
    public async Task<IReadOnlyList<string>> ArrivedAsync(CancellationToken ct)
    {
        var arrived = new List<string>();
        foreach (var organ in Organs)
        {
            var list = await systems[organ].Incoming.ListAsync(new ListIncomingRequest { PageSize = 500 }, cancellationToken: ct);
            Assert.Empty(list.NextPageToken);
            Assert.All(list.Documents, d => Assert.Equal("Accepted", d.Acceptance));
            arrived.AddRange(list.Documents.Select(d => d.EdxmlDocumentId));
        }

        return arrived;
    }

    /// <summary>A letter that crossed a link once is offered again under its id, as a node does that never got an answer.</summary>
    /// <returns>The receipt's bytes, or the reason of the refusal.</returns>
    public async Task<string> OfferAgainAsync(SampleNode from, SampleNode to, Letter letter, CancellationToken ct)
    {
        using var line = NodeConnection.Open(
            new NodeAddress(to.Address, nodes.Authority.KeyFile($"node-{from.Name}"), nodes.Authority.Password, nodes.Network.TrustFolder, AllowSample: true), TimeProvider.System);
        var fetched = TakenOf(letter);
        var hops = fetched.Hops.Select(h => h.OrganId).ToList().IndexOf(from.Organ) + 1;
        try
        {
            var answer = await LinkReplays.DeliverAsync(line.Link, LinkReplays.Message(fetched, hops), ct);
            return answer.Accepted ? Convert.ToHexString(answer.Receipt.Json.Span) + Convert.ToHexString(answer.Receipt.Signature.Span) : answer.Reason.En;
        }
        catch (RpcException refused)
        {
            return RpcFailure.ReasonOf(refused) ?? refused.Status.ToString();
        }
    }

    private string[] FilesOf(SubmitHeader header) => large[header.Document.Number] ? [pdf, .. annexes] : [pdf];

    private async Task TakeAsync(string organ, CancellationToken ct)
    {
        var system = systems[organ];
        var list = await system.Incoming.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true, PageSize = 500 }, cancellationToken: ct);
        foreach (var document in list.Documents.Where(d => d.Acceptance == "Accepted"))
        {
            var (header, _) = await Systems.FetchAsync(system, document.IncomingId, ct);
            Assert.True(taken.TryAdd(document.EdxmlDocumentId, header), $"{document.EdxmlDocumentId} is handed over a second time.");
            await system.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = document.IncomingId }, cancellationToken: ct);
            await system.Incoming.AnswerAsync(new AnswerRequest { IncomingId = document.IncomingId, RequestId = $"03-{document.IncomingId}", Code = "03" }, cancellationToken: ct);
        }
    }
}

/// <summary>A document that its node acknowledged.</summary>
internal sealed record Letter(string From, string To, SubmitHeader Header, string Edxml);
