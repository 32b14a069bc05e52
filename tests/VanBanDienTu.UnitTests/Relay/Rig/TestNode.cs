using Microsoft.Extensions.Logging.Abstractions;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>A relay node of a test on a real folder; it can die and be opened again.</summary>
internal sealed class TestNode(RelayKeys keys, string name, string organ, string folder) : IAsyncDisposable
{
    private readonly Dictionary<string, IAxisLink> _links = new(StringComparer.Ordinal);

    public string Name => name;

    public string Organ => organ;

    public RelayNode Node { get; private set; } = null!; // OpenAsync

    public RelayOptions Options { get; set; } = new()
    {
        Node = name, Organ = organ, DataFolder = folder, MinFreeBytes = 0, ReserveBytes = 1 << 20,
        Postgres = keys.NewStorage(),
        Retry = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(30), TimeSpan.FromDays(2)),
    };

    /// <summary>Stamps the verdicts that the node keeps; set before opening.</summary>
    public TimestampClient? Timestamps { get; set; }

    /// <summary>Trusted instead of the test PKI's root; set before opening.</summary>
    public TrustSnapshot? Trust { get; set; }

    public List<MemberRoute> Routes { get; } = [];

    public List<Member> Members { get; } = [];

    /// <summary>The organs whose documents begin or end here.</summary>
    public void Hosts(params ReadOnlySpan<string> organs)
    {
        foreach (var o in organs)
        {
            Members.Add(new Member(o, o, Local: true));
            Options = Options with { Organs = [.. Options.Organs, new LocalOrgan(o, $"Cơ quan {o}", keys.Key($"organization-{o}"))] };
        }
    }

    public LoopbackLink LinkTo(TestNode peer, params ReadOnlySpan<string> routes)
    {
        var link = new LoopbackLink(peer.Name, this, () => peer.Node);
        _links.Add(link.Name, link);
        foreach (var route in routes)
            Routes.Add(new MemberRoute(route, link.Name));
        return link;
    }

    public async Task OpenAsync() => Node = await RelayNode.OpenAsync(Options, Parts(), default);

    /// <summary>kill -9, and a new process on the same folder.</summary>
    public async Task KillAndReopenAsync()
    {
        await Node.AbandonAsync();
        await OpenAsync();
    }

    public Task RunAsync() => Node.RunUntilIdleAsync(default);

    public async Task<Submission> SubmissionAsync(params string[] recipients) => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        FromOrgan = Options.Organs[0].Organ,
        Recipients = [.. recipients.Select(r => new Party(r, $"Cơ quan {r}"))],
        Document = new DocumentHeader
        {
            Number = "101", Notation = "CQM1-VP", Place = "Hà Nội", PromulgationDate = new DateOnly(2026, 11, 20), TypeName = "Công văn",
            Subject = "Về việc gửi văn bản điện tử", SignerName = "Người Ký Mẫu", SignerPosition = "Chánh Văn phòng", ToPlaces = ["Như trên", "Lưu: VT"],
        },
        Attachments = [await AttachAsync("cong-van.pdf", await keys.SignedAsync(Samples.CongVan))],
    };

    public async Task<SubmittedAttachment> AttachAsync(string file, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return new SubmittedAttachment(file, await Node.Payloads.SaveAsync(stream, default), "application/pdf");
    }

    public async Task<Guid> SubmitAsync(params string[] recipients) =>
        (await Node.Submit.RunAsync(await SubmissionAsync(recipients), default)).DocumentId;

    public Task<OutgoingDocument> DocumentAsync(Guid id) => Node.Outgoing.GetAsync(Options.Organs[0].Organ, id, default);

    public async Task<DeliveryView> DeliveryAsync(Guid document, int index = 0) => (await DocumentAsync(document)).Deliveries[index];

    public async Task<IReadOnlyList<IncomingDocument>> ArrivedAsync(string at) =>
        (await Node.Incoming.ListAsync(at, 100, null, unconfirmedOnly: false, null, default)).Items;

    public async Task<Handover> ConfirmAsync(string at, Guid incoming) => await Node.Handover.RunAsync(at, incoming, "", default);

    public Task<Guid> AnswerAsync(string at, Guid incoming, string code, string? description = null) =>
        Node.Answer.RunAsync(at, incoming, new UnitAnswer(Guid.NewGuid().ToString("N"), code, description), default);

    public async Task<IReadOnlyList<SignedEvidence>> EvidenceAsync() =>
        [.. (await Node.Evidence.AfterAsync(0, 10_000, default)).Select(e => e.Evidence)];

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        if (Options.Postgres is { } storage)
            await storage.DisposeAsync();
    }

    private RelayParts Parts() => new()
    {
        Signer = keys.Signer(), Verifier = keys.Verifier(Trust), Evidence = new EvidenceSigner(keys.Key($"evidence-{Name.Split('-')[0]}")), Trust = Trust ?? keys.Pki.Trust,
        Timestamps = Timestamps,
        Directory = new MemberDirectory(Members, Routes), Links = _links, Time = keys.Time, Logs = NullLoggerFactory.Instance,
    };
}
