using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Demo;

/// <summary>
/// The main job, told once from beginning to end with real parts: a sample PKI, three node processes, three real PDFs, two recipients
/// each, one of them down at first, a forged and a revoked signature, a recall. What it shows it checks.
/// </summary>
internal sealed class DemoStory(DemoFolder folder, Terminal terminal) : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly RetryConfig QuickRetries = new() { FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(5) };

    private readonly Timeline timeline = new(terminal, TimeProvider.System);
    private readonly List<IAsyncDisposable> running = [];
    private readonly List<NodeConnection> connections = [];
    private readonly DemoClaims claims = new();
    private CancellationTokenSource end = new();
    private readonly List<Task> followers = [];

    /// <summary>Runs the story to its end and says what it claimed and whether that was so. Once only.</summary>
    public async Task<DemoClaims> RunAsync(CancellationToken ct)
    {
        end.Dispose();
        end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var story = TellAsync(end.Token);
        // A follower that fails would leave the story waiting: its failure ends the story.
        while (!story.IsCompleted)
        {
            var first = await Task.WhenAny([story, .. followers.ToArray(), Task.Delay(500, end.Token)]);
            if (first != story && first.IsFaulted)
            {
                await end.CancelAsync();
                await first;
            }
        }
        await story;
        return claims;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        foreach (var follower in followers) await follower.ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var connection in connections) connection.Dispose();
        await Task.WhenAll(running.AsEnumerable().Reverse().Select(r => r.DisposeAsync().AsTask()));
        end.Dispose();
    }

    private async Task TellAsync(CancellationToken ct)
    {
        var (authority, network) = await PrepareAsync(ct);
        var documents = await SignAsync(authority, ct);
        await StartAsync([network.Unit, network.Ministry], ct);

        var sender = new Sender(SampleNetwork.UnitOrgan, Connect(network.SystemOf(SampleNetwork.UnitOrgan)), timeline);
        followers.Add(sender.FollowAsync(ct));
        var clerks = new List<Clerk> { Clerk(network, SampleNetwork.MinistryOrgan, ct) };

        timeline.Chapter("Gửi: mỗi văn bản tới hai nơi; nút của Chính phủ đang tắt", "Sending: two recipients each; the government's node is down");
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in documents) ids[document.Name] = await sender.SendAsync(document, ct);
        await SeeItWaitAsync(network, ct);

        timeline.Chapter("Nút của Chính phủ bật lên: trục gửi lại", "The government's node comes up: the hub tries again");
        await StartAsync([network.Government], ct);
        clerks.Add(Clerk(network, SampleNetwork.GovernmentOrgan, ct));
        clerks.Add(Clerk(network, SampleNetwork.ProvinceOrgan, ct));
        foreach (var document in documents)
            await sender.WaitAsync(ids[document.Name], "06 from both recipients", d => d.Deliveries.Count == 2 && d.Deliveries.All(x => x.State == "Finished"), Patience, ct);

        await BadSignaturesAsync(authority, sender, ids, ct);

        timeline.Chapter("Lấy lại một quyết định đã gửi", "Taking a decision back");
        var recalled = documents[1];
        await sender.RecallAsync(ids[recalled.Name], recalled.Code, "Ban hành nhầm phụ lục", ct);
        await sender.WaitAsync(ids[recalled.Name], "Recalled at both recipients", d => d.Deliveries.All(x => x.State == "Recalled"), Patience, ct);

        await KeepAndCheckAsync(network, sender, clerks, ids, ct);
    }

    private async Task<(SampleAuthority Authority, SampleNetwork Network)> PrepareAsync(CancellationToken ct)
    {
        timeline.Chapter("Hệ thống chứng thư mẫu, OCSP, CRL, TSA và cấu hình ba nút", "Sample PKI and three nodes' configurations");
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        var authority = SampleAuthority.Init(folder.Pki, new SampleAuthorityOptions { BaseUrl = url, Profiles = SampleNetwork.Profiles });
        running.Add(await PkiServer.StartAsync(authority, ct));
        var network = SampleNetwork.Create(folder.Root, authority, QuickRetries, SamplePdfs.Read(SamplePdfs.Seal));
        timeline.Line("pki", "", $"OCSP {authority.OcspUrl}, TSA {authority.TsaUrl}");
        return (authority, network);
    }

    private async Task<IReadOnlyList<DemoDocument>> SignAsync(SampleAuthority authority, CancellationToken ct)
    {
        timeline.Chapter("Người có thẩm quyền ký ba văn bản", "The competent person signs three documents");
        var documents = await new DemoDrafts(folder, authority).GoodAsync(ct);
        foreach (var document in documents) timeline.Line(SampleNetwork.UnitOrgan, document.Code, $"Người Ký Mẫu đã ký {document.Header.TypeName.ToLowerInvariant()} / signed");
        return documents;
    }

    private async Task StartAsync(SampleNode[] nodes, CancellationToken ct)
    {
        var started = await Task.WhenAll(nodes.Select(n => NodeProcess.StartAsync(n.ConfigFile, n.LogFile, StartPatience, ct)));
        foreach (var (node, process) in nodes.Zip(started))
        {
            running.Add(process);
            timeline.Line(node.Name, "", $"nút chạy tại {node.Address} (tiến trình {process.Id}) / node is up");
        }
    }

    private async Task SeeItWaitAsync(SampleNetwork network, CancellationToken ct)
    {
        var operations = Connect(network.AuditorOf(network.Ministry)).Operations;
        var begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < Patience)
        {
            var status = await operations.GetStatusAsync(new GetStatusRequest(), cancellationToken: ct);
            var government = status.Destinations.FirstOrDefault(d => d.Name == network.Government.Name);
            if (government is { Waiting: >= 4, LastError.Length: > 0 })
            {
                timeline.Line("ministry", "", $"{government.Waiting} gói chờ nút của Chính phủ: {government.LastError}");
                claims.Add($"{government.Waiting} gói đã chờ nơi nhận bị tắt rồi tới nơi nhờ gửi lại / waited for a node that was down, then arrived by retry", true);
                return;
            }
            await Task.Delay(200, ct);
        }
        throw new DemoException("The ministry's node does not show four messages waiting for the government's node.");
    }

    private async Task BadSignaturesAsync(SampleAuthority authority, Sender sender, Dictionary<string, string> ids, CancellationToken ct)
    {
        timeline.Chapter("Một tệp bị sửa sau khi ký, một chứng thư đã bị thu hồi", "A file changed after signing, a revoked certificate");
        var drafts = new DemoDrafts(folder, authority);
        var checks = new DemoChecks(folder, claims);
        foreach (var (document, what) in new[] { (await drafts.TamperedAsync(ct), "bị sửa / tampered"), (await drafts.RevokedAsync(ct), "thu hồi / revoked") })
        {
            ids[document.Name] = await sender.SendAsync(document, ct);
            var ended = await sender.WaitAsync(ids[document.Name], "02 with a reason", d => d.Deliveries.Count == 1 && d.Deliveries[0].State == "Rejected", Patience, ct);
            checks.Refused(ended, what);
        }
    }

    private async Task KeepAndCheckAsync(SampleNetwork network, Sender sender, List<Clerk> clerks, Dictionary<string, string> ids, CancellationToken ct)
    {
        timeline.Chapter("Giữ lại và kiểm tra", "Keeping and checking");
        var keep = new Keepsakes(folder);
        var checks = new DemoChecks(folder, claims);
        var trust = TrustSnapshot.Load(folder.Trust, allowSample: true);
        using var judge = new PdfJudge(trust, new RevocationOptions());
        foreach (var name in new[] { "cong-van", "quyet-dinh", "bao-cao" })
            checks.Answered(await sender.WaitAsync(ids[name], "its final state", _ => true, Patience, ct));
        checks.Recalled(await sender.WaitAsync(ids["quyet-dinh"], "Recalled", _ => true, Patience, ct));
        foreach (var clerk in clerks)
        {
            checks.OnceOnly(clerk.Organ, await clerk.ListAsync(ct), clerk.Fetched, ExpectedAt(clerk.Organ));
            foreach (var fetched in clerk.Fetched) await KeepAsync(fetched, keep, checks, judge, ct);
            foreach (var odd in clerk.NotAccepted.Values)
            {
                var got = await clerk.LookAsync(odd, ct);
                keep.KeepReport(Keepsakes.NameOf(new Fetched(clerk.Organ, got.Header, got.Files)), await judge.ReportAsync([(Path.GetFileName(got.Files[0]), got.Files[0])], ct));
            }
        }
        foreach (var node in network.Nodes)
            timeline.Line(node.Name, "", $"{await keep.KeepReceiptsAsync(node.Name, Connect(network.AuditorOf(node)), ct)} biên nhận đã ký / signed receipts");
        checks.Receipts(trust, TimeProvider.System.GetUtcNow(), clerks.Sum(c => c.Fetched.Count));
    }

    private static async Task KeepAsync(Fetched fetched, Keepsakes keep, DemoChecks checks, PdfJudge judge, CancellationToken ct)
    {
        var pdf = keep.KeepSigned(fetched);
        keep.KeepPacket(fetched);
        var report = await judge.ReportAsync([(Path.GetFileName(pdf), pdf)], ct);
        keep.KeepReport(Keepsakes.NameOf(fetched), report);
        checks.Signed(report.Files[0]);
    }

    private static string[] ExpectedAt(string organ) => organ switch
    {
        SampleNetwork.MinistryOrgan => ["101/CQM1-VP", "27/QĐ-CQM1", "6/PG-CQM1"],
        SampleNetwork.GovernmentOrgan => ["27/QĐ-CQM1", "88/BC-CQM1"],
        _ => ["101/CQM1-VP", "88/BC-CQM1", "5/PG-CQM1"],
    };

    private Clerk Clerk(SampleNetwork network, string organ, CancellationToken ct)
    {
        var clerk = new Clerk(organ, Connect(network.SystemOf(organ)), Path.Combine(folder.Root, "inbox"), timeline);
        followers.Add(clerk.WorkAsync(ct));
        return clerk;
    }

    private NodeConnection Connect(NodeAddress address)
    {
        var connection = NodeConnection.Open(address, TimeProvider.System);
        connections.Add(connection);
        return connection;
    }
}
